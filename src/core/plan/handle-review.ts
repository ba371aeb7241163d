/** What people say of a plan before anything of it runs. */
import type { CommandOf } from '../command.ts'
import type { PawlEvent } from '../event.ts'
import { accepted, type Handled, refused } from '../handled.ts'
import type { State } from '../state.ts'
import { proposals } from './propose.ts'
import { readPlan } from './read-plan.ts'
import { rejected } from './review.ts'

/** It goes back to whoever has planned it, with what the person says. */
export function planRejected({ plan }: State, by: string, message: string): readonly PawlEvent[] {
  if (plan?.pending == null) return []
  return [{ ...rejected(plan, plan.pending.version, [{ code: 'rejected', tasks: [], message }]), by }]
}

/** The edited plan is a version of its own, and is validated like any other before anything of it runs. */
export function editPlan(state: State, { approvalId, by, input, commandId }: CommandOf<'edit'>): Handled {
  const read = readPlan(input)
  const { plan } = state
  if (plan === null) return refused('unknown_approval', `no plan waits in session ${state.sessionId}`)
  if (read.type === 'problems') {
    const [first] = read.problems
    return refused('invalid_input', `the edited plan cannot be read: ${first?.message ?? 'it is no plan'}`)
  }
  return accepted(
    { type: 'approval_resolved', approvalId, resolution: 'edited', by, commandId },
    ...proposals(state, {
      plan: read.plan,
      mode: plan.versions.at(-1)?.mode ?? 'strict',
      cause: { type: 'edited', by },
    }),
  )
}
