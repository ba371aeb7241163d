/** The person at the desk: approves at most one effect, answers questions, settles what nobody knows. Never more than the script says. */
import type { Json, JsonObject, OpenApproval, Runtime } from 'pawl'
import type { Desk } from './desk.ts'
import { labelOf } from './label-of.ts'

/** What a person has looked at and approved: this input, of this call. */
export type Approved = { readonly callId: string; readonly tool: string; readonly input: Json }

export type PersonOptions = {
  /** A second effect that this person approves, once. */
  readonly alsoApproves?: string
  /** A bug: whether what is open is approved for a reason that is none. */
  readonly approvesWrongly?: (desk: Desk, asked: OpenApproval) => boolean
}

type Options = PersonOptions & {
  readonly ref: { readonly tenant: string; readonly sessionId: string }
  readonly desk: Desk
  readonly front: Runtime
}

export interface PersonAtDesk {
  readonly approved: readonly Approved[]
  /** Does one thing; false where there is nothing to do. */
  acts(): Promise<boolean>
}

export function createPerson({ ref, desk, front, alsoApproves, approvesWrongly }: Options): PersonAtDesk {
  const { approves, answers, settlesLate } = desk.script.person ?? {}
  const approved: Approved[] = []
  const left = new Set([approves, alsoApproves].filter((label) => label !== undefined))
  const answered = new Set<string>()
  const handle = async (asked: OpenApproval): Promise<boolean> => {
    const { approvalId, kind, tool, callId, input, hash, subject } = asked
    // A plan, or what becomes of a failed task: nobody decides about those.
    if (subject !== undefined) return false
    if (kind === 'question') {
      if (answers === undefined || answered.has(approvalId)) return false
      answered.add(approvalId)
      await front.approvals.answer({ ...ref, approvalId }, 'pat', answers)
      return true
    }
    if (approvesWrongly?.(desk, asked) === true) {
      return (await front.approvals.approve({ ...ref, approvalId }, 'nobody')).type === 'accepted'
    }
    // An approval's input is what will run: an object, as the desk's schemas want it.
    const label = labelOf(tool, input as JsonObject)
    if (!left.delete(label)) return false
    approved.push({ callId, tool, input })
    return (await front.approvals.approve({ ...ref, approvalId }, 'pat', { hash })).type === 'accepted'
  }
  return {
    approved,
    acts: async () => {
      for (const asked of await front.approvals.list(ref)) if (await handle(asked)) return true
      return settlesLate === true && (await settles(desk, front, ref))
    },
  }
}

/** Takes what came late for the outcome, as a person in a hurry would. */
async function settles(desk: Desk, runtime: Runtime, ref: Options['ref']): Promise<boolean> {
  const [callId] = (await runtime.result(ref)).unresolved
  if (callId === undefined) return false
  const { partnerLate = '' } = desk.script
  desk.partnerAnswers(partnerLate)
  const settled = { type: 'settle', callId, settlement: 'took_effect', output: partnerLate, by: 'pat' } as const
  return (await runtime.send(ref, settled)).type === 'accepted'
}
