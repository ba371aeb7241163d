/** The agent of docs/plans.md: it plans by itself, has a specialist, and asks before it publishes. */
import { type Agent, agent, type Model, tool } from 'pawl'
import { requireApproval } from 'pawl/policies'
import { z } from 'zod'

const listChanges = tool({
  name: 'list_changes',
  description: 'lists what has changed since a version',
  effect: 'read',
  input: z.object({ since: z.string() }),
  run: ({ since }) => [`a faster start (since ${since})`, 'a fix of the date column'],
})

const publish = tool({
  name: 'publish',
  description: 'publishes release notes',
  effect: 'unsafe',
  input: z.object({ notes: z.string() }),
  run: ({ notes }) => ({ published: notes.length }),
})

/** A checker answers null, or a sentence about what is wrong. */
const isShort = (result: unknown) => (String(result).length <= 280 ? null : 'longer than 280 characters')

export function releaseDesk(model: Model): Agent {
  return agent({
    name: 'release-desk',
    instructions: 'You prepare releases.',
    model,
    tools: [listChanges, publish],
    policies: [requireApproval({ tools: ['publish'], reason: 'publication' })],
    specialists: [
      {
        name: 'writer',
        domain: 'Writes short texts from lists of facts.',
        instructions: 'Write for people who use the product.',
        tools: ['list_changes'],
        cap: { turns: 4 },
      },
    ],
    planning: {
      route: 'auto', // by rules, then by a model, then by keywords; or always direct, plan, plan_and_subagent
      planReview: 'on_warning', // never (the default), always
      onPartial: 'ask', // answer (the default), fail
      checkers: { short: isShort },
      recovery: { timeout: { action: 'retry', maxRetries: 3, backoffMs: 5_000 } },
    },
  })
}
