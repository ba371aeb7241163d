import { type Agent, agent, type Model, type Processor, retrieve, summarize, tool, window, workingFacts } from 'pawl'
import { z } from 'zod'
import { chargesOf, duplicatesIn } from './register.ts'

const row = z.object({ chargeId: z.string(), customer: z.string(), usd: z.number(), day: z.number(), memo: z.string() })
const rows = z.array(row)

const exportCharges = tool({
  name: 'export_charges',
  description: 'All charges of a month, as rows: chargeId, customer, usd, day, memo.',
  effect: 'read',
  input: z.object({ month: z.string().describe('Such as 2026-10.') }),
  output: rows,
  run: ({ month }) => [...chargesOf(month)], // 3,000 rows: they become an artifact, kept beside the log
})

/** What the model reads of the rows is what this makes of them: facts, and a question that stays open until it is answered. */
const processor: Processor = {
  tools: ['export_charges'],
  process: ({ output }) => ({
    append_known_facts: duplicatesIn(rows.parse(output)).map(({ customer, chargeIds, usd }) => ({
      key: `charged_twice.${customer}`,
      value: { chargeIds, usd },
      priority: 80,
    })),
    open_questions: ['Which of these has been refunded already?'],
  }),
}

const memory = [
  window(40), // at most 40 turns in a prompt
  summarize({ whenTokens: 24_000, keepTurns: 6 }), // older ones become a summary, an event of the log
  retrieve({ k: 3 }), // and are looked up by the words of each message
  workingFacts({ maxFacts: 50 }), // decisions and constraints are never compressed
]

const instructions =
  'You audit charges. Export the month, look at what was charged twice, read the rows where you need them, and say what is to be refunded.'

export function chargeAudit({ model }: { readonly model: Model }): Agent {
  return agent({ name: 'charge-audit', instructions, model, tools: [exportCharges], memory, processor })
}
