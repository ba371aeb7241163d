import type { RetailTool } from './retail-tool.ts'
import { retailTool } from './retail-tool.ts'

/** Takes a thought and answers nothing; the call itself is the log. */
export const think: RetailTool = retailTool({
  name: 'think',
  writes: false,
  fields: { thought: 'text' },
  run: () => '',
})

/** Hands the user over to a person; nothing in the state tells. */
export const transferToHumanAgents: RetailTool = retailTool({
  name: 'transfer_to_human_agents',
  writes: false,
  fields: { summary: 'text' },
  run: () => 'Transfer successful',
})
