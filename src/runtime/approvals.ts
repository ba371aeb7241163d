/** What people have to decide, and the ways to answer. */
import type { FailureClass, Json, Origin, Question, Subject } from '../core/index.ts'
import { type ApprovalRow, PawlError, type Store } from '../ports/index.ts'
import type { Agent } from './define.ts'
import { canonicalJson } from './hash.ts'
import { createLogMask, type InputShapes } from './mask-log.ts'
import type { Secrets } from './secrets.ts'
import type { SendableCommand, Sent, WithoutCommandId } from './send.ts'
import { namedRef, type SessionName } from './session-name.ts'
import { createShapesOfSessions } from './session-shapes.ts'

/** Names an approval: `approvalId` is unique within its session. */
export type ApprovalName = {
  readonly sessionId: string
  readonly approvalId: string
  readonly tenant?: string
  readonly commandId?: string
}

/** What is asked of people, as it stands in the list of open approvals. */
export type OpenApproval = ApprovalRow & {
  readonly agent: string
  readonly callId: string
  /** Whose call it is, where a task of a plan makes it. */
  readonly taskId?: string
  readonly tool: string
  /** What will run; fields marked sensitive are masked. `hash` is that of exactly what will run. */
  readonly input: Json
  readonly kind: 'approval' | 'question'
  readonly reason: string
  readonly message?: string
  /** A sentence that says who is asked. */
  readonly ask?: string
  readonly hash: string
  readonly quorum: number
  readonly notRequester: boolean
  readonly requester: Origin
  readonly question?: Question
  /** What it is about, where that is no call: a plan before anything of it runs, or a task that has failed. `callId` is empty then. */
  readonly subject?: Subject
  readonly plan?: { readonly goal: string; readonly taskCount: number }
  readonly task?: { readonly name: string; readonly failure: FailureClass; readonly message: string }
}

export interface Approvals {
  /** Open ones of one tenant, the oldest first. */
  list(filter?: {
    readonly tenant?: string
    readonly sessionId?: string
    readonly limit?: number
  }): Promise<readonly OpenApproval[]>
  /** `hash`: what was looked at; where given, an approval of anything else is refused. */
  approve(
    approval: ApprovalName,
    by: string,
    options?: { readonly reason?: string; readonly hash?: string },
  ): Promise<Sent>
  reject(
    approval: ApprovalName,
    by: string,
    options?: { readonly reason?: string; readonly hash?: string },
  ): Promise<Sent>
  /**
   * Runs with another input. It is validated and judged anew, and the model is told what ran. What the list hides of the call's own
   * input runs as it is where it is left as it was shown; a mark at another place is refused. Members of an object keep what is hidden
   * at their place, whatever changes beside them. Items of a list do so where they are left as they were shown; one that is changed,
   * only where it alone is, and the list is as long as it was. Whoever means another payee writes the hidden value itself.
   */
  edit(approval: ApprovalName, by: string, input: unknown): Promise<Sent>
  /** Answers a question of `ask_human`, or a held call instead of running it. */
  answer(approval: ApprovalName, by: string, answer: string): Promise<Sent>
}

export type ApprovalsContext = {
  readonly store: Store
  readonly agents: ReadonlyMap<string, Agent>
  readonly secrets: Secrets
  readonly send: (session: SessionName, command: WithoutCommandId<SendableCommand>) => Promise<Sent>
}

const DEFAULT_LIST = 100

export function createApprovals(context: ApprovalsContext): Approvals {
  const { send } = context
  const shapesOf = createShapesOfSessions(context)
  const named = ({ approvalId, commandId }: ApprovalName) => ({
    approvalId,
    ...(commandId !== undefined && { commandId }),
  })
  return {
    list: async ({ tenant = 'default', sessionId, limit = DEFAULT_LIST } = {}) => {
      if (namedRef({ tenant, sessionId: sessionId ?? '' }) === null) return []
      if (!Number.isSafeInteger(limit) || limit < 1)
        throw new PawlError('invalid_input', `expected a limit that is a whole number from 1; found ${String(limit)}`)
      const rows = await context.store.approvals({ tenant, limit, ...(sessionId !== undefined && { sessionId }) })
      const open: OpenApproval[] = []
      for (const row of rows) open.push(masked(context, readApproval(row), await shapesOf(row)))
      return open
    },
    approve: (approval, by, options = {}) =>
      send(approval, { type: 'vote', vote: 'approve', ...named(approval), by, ...options }),
    reject: (approval, by, options = {}) =>
      send(approval, { type: 'vote', vote: 'reject', ...named(approval), by, ...options }),
    // Whoever sends it reads it like any command: what is no JSON is refused there.
    edit: (approval, by, input) => send(approval, { type: 'edit', ...named(approval), by, input: input as Json }),
    answer: (approval, by, answer) => send(approval, { type: 'answer', ...named(approval), by, answer }),
  }
}

function readApproval(row: ApprovalRow): OpenApproval {
  return { ...askedOf(row), ...row }
}

function askedOf({ body }: ApprovalRow): Omit<OpenApproval, keyof ApprovalRow> {
  // Our own canonical JSON, written by `headChange` with these fields.
  return JSON.parse(body) as Omit<OpenApproval, keyof ApprovalRow>
}

function masked({ secrets }: ApprovalsContext, approval: OpenApproval, shapes: InputShapes): OpenApproval {
  const input = createLogMask(shapes, secrets.redactor(approval.tenant)).input(approval.tool, approval.input)
  // The row's own text has the input once more.
  return { ...approval, input, body: canonicalJson({ ...askedOf(approval), input }) }
}
