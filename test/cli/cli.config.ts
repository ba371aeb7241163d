/** What the tests of the command line run: a triage whose refund is held, and agents that wait, ask, die and fail. */
import { agent, tool } from 'pawl'
import { defineConfig } from 'pawl/cli'
import { scripted } from 'pawl/models/scripted'
import { open, threshold } from 'pawl/policies'
import { askHuman } from 'pawl/tools'
import { z } from 'zod'

const searchDocs = tool({
  name: 'search_docs',
  description: 'Finds pages of the help.',
  effect: 'read',
  input: z.object({ query: z.string() }),
  run: () => ['double charges', 'refunds', 'invoices'],
  summarize: (pages) => ({ matches: pages.length }),
})

const lookupBillingAccount = tool({
  name: 'lookup_billing_account',
  description: 'Looks an account up.',
  effect: 'read',
  sensitivity: 'private',
  input: z.object({ account: z.string() }),
  run: () => ({ charges: 2 }),
  summarize: () => ({ duplicate_charge_detected: true }),
})

const openRefundCase = tool({
  name: 'open_refund_case',
  description: 'Opens a case for a refund.',
  effect: 'unsafe',
  input: z.object({ account: z.string(), amount: z.number() }),
  run: () => ({ caseId: 'RC-1' }),
  endsSession: ({ caseId }) => ({ type: 'case_opened', caseId }),
})

const refunds = threshold({
  tool: openRefundCase,
  amount: ({ amount }) => amount,
  max: 250,
  reason: 'refund_threshold_exceeded',
  ask: 'a billing lead',
})

/** Takes as long as it is let: until its signal comes. */
const dawdle = tool({
  name: 'dawdle',
  description: 'Waits.',
  effect: 'read',
  input: z.object({}),
  run: (_, { signal }) =>
    new Promise<string>((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('told to stop')))
    }),
})

const die = tool({
  name: 'die',
  description: 'Ends its own process in the middle of its effect.',
  effect: 'unsafe',
  input: z.object({ action: z.enum(['create', 'delete', 'update']) }),
  run: () => {
    process.kill(process.pid, 'SIGKILL')
    return new Promise<string>(() => {})
  },
})

const account = 'A-7'

export const config = defineConfig({
  by: 'ada',
  agents: [
    agent({
      name: 'triage',
      instructions: 'Triage messages about bills.',
      tools: [searchDocs, lookupBillingAccount, openRefundCase],
      policies: [refunds],
      model: scripted([
        {
          text: 'I will look at our pages, and at your account.',
          calls: [
            { tool: 'search_docs', input: { query: 'double charge' } },
            { tool: 'lookup_billing_account', input: { account } },
          ],
        },
        {
          text: 'The second charge is a mistake.',
          calls: [{ tool: 'open_refund_case', input: { account, amount: 420 } }],
        },
        'A person looks at it.',
      ]),
    }),
    agent({
      name: 'asker',
      instructions: 'Ask.',
      tools: [askHuman()],
      model: scripted([
        { calls: [{ tool: 'ask_human', input: { question: 'Which invoice?', options: ['March', 'April'] } }] },
        'Thank you.',
      ]),
    }),
    agent({
      name: 'dawdler',
      instructions: 'Wait.',
      tools: [dawdle],
      model: scripted([{ calls: [{ tool: 'dawdle', input: {} }] }, 'Done.']),
    }),
    agent({
      name: 'dier',
      instructions: 'Die.',
      tools: [die],
      policies: [open('die')],
      model: scripted([{ calls: [{ tool: 'die', input: { action: 'create' } }] }, 'Done.']),
    }),
    agent({
      name: 'failing',
      instructions: 'Fail.',
      model: scripted([{ error: { status: 400, message: 'no such model' } }]),
    }),
  ],
})
