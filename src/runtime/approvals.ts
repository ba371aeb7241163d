/** What people have to decide, and the ways to answer. */
import { admit, type Json, type Limits, type Origin, type Question } from '../core/index.ts'
import { type ApprovalRow, PawlError, type Store } from '../ports/index.ts'
import type { Agent } from './define.ts'
import { canonicalJson } from './hash.ts'
import { loadState } from './load.ts'
import { createLogMask } from './mask-log.ts'
import type { Secrets } from './secrets.ts'
import type { SendableCommand, Sent, WithoutCommandId } from './send.ts'
import { namedRef, type SessionName } from './session-name.ts'
import { createSessionShapes } from './session-shapes.ts'
import { validate } from './validate.ts'
import type { Wiring } from './wiring.ts'

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
  /** Runs with another input. It is validated and judged anew, and the model is told what ran. */
  edit(approval: ApprovalName, by: string, input: unknown): Promise<Sent>
  /** Answers a question of `ask_human`, or a held call instead of running it. */
  answer(approval: ApprovalName, by: string, answer: string): Promise<Sent>
}

export type ApprovalsContext = {
  readonly store: Store
  readonly wiring: Wiring
  readonly limits: Limits
  readonly agents: ReadonlyMap<string, Agent>
  readonly secrets: Secrets
  readonly send: (session: SessionName, command: WithoutCommandId<SendableCommand>) => Promise<Sent>
}

const DEFAULT_LIST = 100

export function createApprovals(context: ApprovalsContext): Approvals {
  const { send } = context
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
      return Promise.all(rows.map((row) => masked(context, readApproval(row))))
    },
    approve: (approval, by, options = {}) =>
      send(approval, { type: 'vote', vote: 'approve', ...named(approval), by, ...options }),
    reject: (approval, by, options = {}) =>
      send(approval, { type: 'vote', vote: 'reject', ...named(approval), by, ...options }),
    edit: async (approval, by, input) => {
      const checked = await checkInput(context, approval, input)
      if (checked.type === 'refused') return checked
      return send(approval, { type: 'edit', ...named(approval), by, input: checked.input })
    },
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

async function masked(context: ApprovalsContext, approval: OpenApproval): Promise<OpenApproval> {
  const shapes = createSessionShapes(context, approval, approval.agent)
  await shapes.learn([approval.tool])
  const mask = createLogMask(shapes.of, context.secrets.redactor(approval.tenant))
  const input = mask.input(approval.tool, approval.input)
  // The row's own text has the input once more.
  return { ...approval, input, body: canonicalJson({ ...askedOf(approval), input }) }
}

type Checked = { readonly type: 'input'; readonly input: Json } | Extract<Sent, { type: 'refused' }>

/** An input that its tool would not take is refused while the person still looks at it, and the old question stands. */
async function checkInput(context: ApprovalsContext, approval: ApprovalName, input: unknown): Promise<Checked> {
  const { limits, agents, store, wiring } = context
  const ref = namedRef(approval)
  // Whoever sends it says that there is no such session.
  if (ref === null) return { type: 'input', input: null }
  const { sessionId } = ref
  const refused = (message: string): Checked => ({ type: 'refused', sessionId, code: 'invalid_input', message })
  const admitted = admit(input, { maxDepth: limits.maxDepth, maxBytes: limits.maxInputBytes }, 'refuse')
  if (admitted.type === 'problem') return refused(admitted.problem)
  const state = await loadState(store, ref, wiring)
  const callId = state.approvals.get(approval.approvalId)?.callId
  const call = callId === undefined ? undefined : state.calls.get(callId)
  const tool = call && agents.get(state.agent)?.tools.get(call.tool)
  if (tool === undefined) return { type: 'input', input: admitted.value }
  const validated = await validate(tool.input, admitted.value)
  return validated.type === 'valid' ? { type: 'input', input: admitted.value } : refused(validated.message)
}
