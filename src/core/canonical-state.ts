/** A state as text and back: what a snapshot holds, and what `canonical(state) == canonical(fold(log))` compares. */
import { freshNode, type PlanState, type TaskNode } from './plan/plan-state.ts'
import { proposedCall } from './proposed-call.ts'
import type { CallState, State } from './state.ts'

/** Raised when the shape of the state or the meaning of a reducer changes: older snapshots are then discarded. */
export const STATE_VERSION = 3

/** The state with its maps and sets as sorted or insertion-ordered arrays. */
type Encoded = Omit<State, 'tasks' | 'calls' | 'approvals' | 'facts' | 'questions' | 'index' | 'plan'> & {
  readonly tasks: [string, unknown][]
  readonly calls: [string, unknown][]
  readonly approvals: [string, unknown][]
  readonly facts: [string, unknown][]
  readonly questions: [string, unknown][]
  readonly index: { readonly [K in keyof State['index']]: unknown[] }
  readonly plan: EncodedPlan | null
}

type PlanSet = 'running' | 'retrying' | 'unrecovered' | 'failed' | 'unasked' | 'skipped'
type EncodedPlan = Omit<PlanState, 'nodes' | 'byRank' | PlanSet> & {
  readonly nodes: [string, TaskNode][]
  readonly byRank: [number, string][]
  readonly sets: readonly (readonly string[])[]
}

export function encodeState(state: State): string {
  const { index } = state
  const encoded: Encoded = {
    ...state,
    tasks: [...state.tasks],
    calls: [...state.calls],
    approvals: [...state.approvals],
    facts: [...state.facts],
    questions: [...state.questions],
    index: {
      started: [...index.started].sort(),
      unknown: [...index.unknown].sort(),
      openApprovals: [...index.openApprovals].sort(),
      active: [...index.active].sort(),
      effects: [...index.effects],
      artifacts: [...index.artifacts],
    },
    plan: state.plan === null ? null : encodePlan(state.plan),
  }
  return JSON.stringify(encoded)
}

function encodePlan(plan: PlanState): EncodedPlan {
  const { nodes, byRank, running, retrying, unrecovered, failed, unasked, skipped, ...rest } = plan
  const sets = [running, retrying, unrecovered, failed, unasked, skipped].map((members) => [...members].sort())
  return { ...rest, nodes: [...nodes], byRank: [...byRank], sets }
}

function decodePlan({ nodes, byRank, sets, ...rest }: EncodedPlan): PlanState {
  const [running, retrying, unrecovered, failed, unasked, skipped] = sets.map((members) => new Set(members))
  const none = new Set<string>()
  return {
    ...rest,
    nodes: new Map(nodes.map(([id, node]) => [id, { ...freshNode(node.task, node.order), ...node }])),
    byRank: new Map(byRank),
    running: running ?? none,
    retrying: retrying ?? none,
    unrecovered: unrecovered ?? none,
    failed: failed ?? none,
    unasked: unasked ?? none,
    skipped: skipped ?? none,
  }
}

/** Members that are undefined are not written. Set later they would stand last, and the same state would be another text. */
function wholeCall(call: CallState): CallState {
  const { taskId, turn, callId, tool, providerCallId } = call
  return { ...proposedCall({ taskId, turn, callId, tool, providerCallId }), ...call }
}

/** Reads what `encodeState` of the same version wrote. */
export function decodeState(text: string): State {
  // A snapshot is our own text, and the caller has compared its version: its shape is known.
  const encoded = JSON.parse(text) as Omit<
    State,
    'tasks' | 'calls' | 'approvals' | 'facts' | 'questions' | 'index' | 'plan'
  > & {
    tasks: [string, never][]
    calls: [string, CallState][]
    approvals: [string, never][]
    facts: [string, never][]
    questions: [string, never][]
    index: {
      started: string[]
      unknown: string[]
      openApprovals: string[]
      active: string[]
      effects: [string, string[]][]
      artifacts: [string, string[]][]
    }
    plan: EncodedPlan | null
  }
  const { index } = encoded
  return {
    ...encoded,
    tasks: new Map(encoded.tasks),
    calls: new Map(encoded.calls.map(([callId, call]) => [callId, wholeCall(call)])),
    approvals: new Map(encoded.approvals),
    facts: new Map(encoded.facts),
    questions: new Map(encoded.questions),
    index: {
      started: new Set(index.started),
      unknown: new Set(index.unknown),
      openApprovals: new Set(index.openApprovals),
      active: new Set(index.active),
      effects: new Map(index.effects),
      artifacts: new Map(index.artifacts),
    },
    plan: encoded.plan === null ? null : decodePlan(encoded.plan),
  }
}
