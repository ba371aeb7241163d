import { agent, createRuntime, tool } from 'pawl'
import { scripted } from 'pawl/models/scripted'
import { threshold } from 'pawl/policies'
import { sqliteStore } from 'pawl/stores/sqlite'
import { z } from 'zod'

const refund = tool({
  name: 'refund',
  description: 'Gives back the money for one order.',
  effect: 'unsafe', // never started twice by itself
  input: z.object({ order: z.string(), usd: z.number().positive() }),
  run: ({ order, usd }, { idempotencyKey }) => ({ refunded: order, usd, idempotencyKey }),
})
const policies = [threshold({ tool: refund, amount: ({ usd }) => usd, max: 250, ask: 'a billing lead' })]
const first = { text: 'A person looks at it.', calls: [{ tool: 'refund', input: { order: 'A7', usd: 480 } }] }
const model = scripted([first, 'Your 480 USD are on their way.']) // or: await model('openai/…', { apiKey })
const support = agent({ name: 'support', instructions: 'Be helpful.', model, tools: [refund], policies })

const runtime = createRuntime({ store: sqliteStore('quickstart.db'), agents: [support] })
const held = await runtime.result(await runtime.start('support', { message: 'Order A7 arrived broken.' }))
console.log(held.status, held.text) // blocked by `approval`: the process may end here, and go on tomorrow
for (const approval of held.openApprovals) await runtime.approvals.approve(approval, 'maria')
const { status, text } = await runtime.result(held)
console.log(status, text)
await runtime.stop()
