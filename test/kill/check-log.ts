/** What no log may hold, whatever was killed: each event is looked at on the state that it was appended to. */
import {
  type CallState,
  Draft,
  type EventOf,
  freshState,
  type LogEvent,
  type PawlEvent,
  reduce,
  type State,
} from 'pawl/core'
import { hashOf } from '../../src/runtime/index.ts'
import { isToolName, isUnsafe, needsApproval } from './errand.ts'
import type { CheckName, Violation } from './violation.ts'

type Wrong = { readonly check: CheckName; readonly found: string }
type Look = { readonly state: State; readonly fence: number; readonly runAgain: ReadonlyMap<string, number> }

export function checkLog(
  sessionId: string,
  log: readonly LogEvent[],
): { readonly state: State; readonly violations: readonly Violation[] } {
  const draft = new Draft(freshState('default', sessionId))
  const runAgain = new Map<string, number>()
  const violations: Violation[] = []
  let fence = 0
  for (const { seq, at, event } of log) {
    const look = { state: draft.state, fence, runAgain }
    for (const { check, found } of checkEvent(look, event))
      violations.push({ check, sessionId, found: `event ${seq}, ${event.type}: ${found}` })
    if (event.type === 'call_settled' && event.settlement === 'run_again')
      runAgain.set(event.callId, (runAgain.get(event.callId) ?? 0) + 1)
    fence = Math.max(fence, fenceOf(event))
    reduce(draft, event, at)
  }
  for (const found of checkIndex(draft.state)) violations.push({ check: 'fold', sessionId, found })
  return { state: draft.state, violations }
}

function fenceOf(event: PawlEvent): number {
  return 'fence' in event ? event.fence : 0
}

function checkEvent(look: Look, event: PawlEvent): readonly Wrong[] {
  const wrong =
    fenceOf(event) !== 0 && fenceOf(event) < look.fence
      ? [say('fence', `fence ${fenceOf(event)} after ${look.fence}`)]
      : []
  switch (event.type) {
    case 'model_started':
      return [...wrong, ...checkIntent(look.state)]
    case 'call_started':
      return [...wrong, ...checkIntent(look.state), ...checkStart(look, event)]
    case 'call_finished':
      return [...wrong, ...checkFinish(look.state, event)]
    case 'call_settled':
      return [...wrong, ...checkSettlement(look.state, event)]
    case 'approval_resolved':
      return [...wrong, ...checkResolution(look.state, event)]
    case 'session_ended':
      return [...wrong, ...checkEnd(look.state)]
    default:
      return wrong
  }
}

function checkIntent({ cancel, ended }: State): readonly Wrong[] {
  if (cancel !== null) return [say('cancel', `after the cancel of ${cancel.by}`)]
  return ended === null ? [] : [say('cancel', `after the end (${ended.reason})`)]
}

function checkStart({ state, runAgain }: Look, { callId, attempt }: EventOf<'call_started'>): readonly Wrong[] {
  const call = state.calls.get(callId)
  if (call === undefined) return [say('intent', `${callId} was never proposed`)]
  const wrong: Wrong[] = []
  if (call.status !== 'allowed') wrong.push(say('approval', `${callId} is ${call.status}`))
  if (attempt !== call.attempt + 1)
    wrong.push(say('outcomes', `${callId} goes from attempt ${call.attempt} to ${attempt}`))
  if (needsApproval(call.tool, call.input) && !isApproved(state, call))
    wrong.push(say('approval', `${callId} has no approval`))
  const byPeople = runAgain.get(callId) ?? 0
  if (isToolName(call.tool) && isUnsafe(call.tool) && attempt > 1 + byPeople) {
    wrong.push(say('starts_once', `${callId} is unsafe and starts again; people asked for ${byPeople} repeats`))
  }
  return wrong
}

/** By an approval of exactly this session, call, tool and input. */
function isApproved(state: State, { callId, tool, input, terms }: CallState): boolean {
  const hash = hashOf([state.sessionId, callId, tool, input, terms?.policyHash ?? ''])
  return [...state.approvals.values()].some(
    (each) => each.callId === callId && each.resolution === 'approved' && each.hash === hash,
  )
}

function checkFinish(state: State, { callId, attempt }: EventOf<'call_finished'>): readonly Wrong[] {
  const call = state.calls.get(callId)
  if (call === undefined) return [say('outcomes', `${callId} was never proposed`)]
  if (call.status === 'finished') return [say('outcomes', `${callId} has the outcome ${call.outcome?.type} already`)]
  const hasBegun = call.status === 'started' || call.status === 'lost'
  const expected = hasBegun ? call.attempt : call.attempt + 1
  return attempt === expected
    ? []
    : [say('outcomes', `${callId} is ${call.status} in attempt ${call.attempt}, the outcome is of ${attempt}`)]
}

function checkSettlement(state: State, { callId }: EventOf<'call_settled'>): readonly Wrong[] {
  const outcome = state.calls.get(callId)?.outcome
  return outcome?.type === 'unknown' ? [] : [say('outcomes', `${callId} is not unknown, but ${outcome?.type}`)]
}

function checkResolution(state: State, { approvalId }: EventOf<'approval_resolved'>): readonly Wrong[] {
  const approval = state.approvals.get(approvalId)
  if (approval === undefined) return [say('approval', `${approvalId} was never requested`)]
  return approval.resolution === null ? [] : [say('approval', `${approvalId} was ${approval.resolution} already`)]
}

function checkEnd(state: State): readonly Wrong[] {
  const open = [...state.calls.values()].filter(({ status }) => status !== 'finished')
  return open.map(({ callId, status }) => say('outcomes', `${callId} is still ${status}`))
}

/** What is kept for speed is what can be derived. */
function checkIndex({ calls, approvals, index }: State): readonly string[] {
  const each = [...calls.values()]
  const derived = {
    started: each.filter(({ status }) => status === 'started').map(({ callId }) => callId),
    unknown: each
      .filter(({ status, outcome }) => status === 'finished' && outcome?.type === 'unknown')
      .map(({ callId }) => callId),
    openApprovals: [...approvals.values()]
      .filter(({ resolution }) => resolution === null)
      .map(({ approvalId }) => approvalId),
  }
  return (['started', 'unknown', 'openApprovals'] as const).flatMap((name) => {
    const kept = [...index[name]].sort().join()
    const right = derived[name].toSorted().join()
    return kept === right ? [] : [`the index ${name} holds [${kept}], and should hold [${right}]`]
  })
}

function say(check: CheckName, found: string): Wrong {
  return { check, found }
}
