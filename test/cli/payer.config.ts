/** A payment that is held, with a card that views hide and a token that they are told to show. */
import { agent, tool } from 'pawl'
import { defineConfig } from 'pawl/cli'
import { scripted } from 'pawl/models/scripted'
import { requireApproval } from 'pawl/policies'
import { z } from 'zod'

export const CARD = '4111-1111-1111-1234'
export const TOKEN = `ghp_${'a1B2'.repeat(9)}`

const payMarked = (sensitive: readonly string[]) =>
  tool({
    name: 'pay',
    description: 'Pays.',
    effect: 'unsafe',
    sensitive,
    input: z.object({ card: z.string(), usd: z.number(), note: z.string() }),
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

export const config = defineConfig({ by: 'ada', agents: [payer], keptPatterns: ['github_token'] })
