/** A model that follows a script, so that the example needs no key: it exports, searches the rows that it never saw, and answers. */
import type { Model } from 'pawl'
import { scriptedTasks } from 'pawl/models/scripted'

export function scriptedAuditor(): Model {
  return scriptedTasks({
    tasks: {
      root: [
        { text: 'I export the month.', calls: [{ tool: 'export_charges', input: { month: '2026-10' } }] },
        {
          text: 'I look at the rows of one of them.',
          calls: [{ tool: 'search_artifact', input: { query: 'ch_202610_1204 ch_202610_1203', k: 2 } }],
        },
        'Two customers were charged twice: cust_226 and cust_795. One charge of each is to be refunded.',
        ...Array.from({ length: 20 }, () => answerFromMemory),
      ],
    },
  })
}

/** Whatever is asked later is answered from what stands in the prompt. */
const answerFromMemory = 'The duplicates are in my notes: cust_226 and cust_795.'
