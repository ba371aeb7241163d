/** A payment that is held, with a card that views hide and a token that they are told to show. */
import { agent, tool } from 'pawl'
import { defineConfig } from 'pawl/cli'
import { scripted } from 'pawl/models/scripted'
import { open, requireApproval } from 'pawl/policies'
import { z } from 'zod'

export const CARD = '4111-1111-1111-1234'
export const TOKEN = `ghp_${'a1B2'.repeat(9)}`

const payMarked = (sensitive: readonly string[]) =>
  tool({
    name: 'pay',
    description: 'Pays.',
    effect: 'unsafe',
    sensitive,
    input: z.object({ card: z.string().regex(/^[\d-]+$/), usd: z.number(), note: z.string() }),
    run: ({ card, usd }) => ({ ending: card.slice(-4), usd }),
  })

export const payerMarked = (sensitive: readonly string[]) =>
  agent({
    name: 'payer',
    instructions: 'Pay.',
    tools: [payMarked(sensitive)],
    policies: [requireApproval({ tools: ['pay'], reason: 'money' })],
    model: scripted([{ calls: [{ tool: 'pay', input: { card: CARD, usd: 300, note: `with ${TOKEN}` } }] }, 'Paid.']),
  })

export const payer = payerMarked(['/card'])

/** Its plans are looked at by people before anything of them runs. */
const planned = agent({
  name: 'planned',
  instructions: 'Pay.',
  tools: [payMarked(['/card'])],
  policies: [open('pay')],
  model: scripted(['Paid.']),
  planning: { planner: null, router: null, planReview: 'always' },
})

export const config = defineConfig({ by: 'ada', agents: [payer, planned], keptPatterns: ['github_token'] })
