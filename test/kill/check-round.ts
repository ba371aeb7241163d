/** All checks of a round, after its workers are gone. */
import { encodeState, gateOf, type LogEvent, type State, status, statusWord } from 'pawl/core'
import type { ApprovalRow, Store } from 'pawl/ports'
import { canonicalJson, decodeEvent, loadState, wiring } from '../../src/runtime/index.ts'
import { verifyChain } from '../../src/stores/chain.ts'
import type { Acknowledged, Notes } from './acknowledged.ts'
import { checkEffects } from './check-effects.ts'
import { checkLog } from './check-log.ts'
import type { Diary } from './diary.ts'
import type { Entries } from './ledger-client.ts'
import type { Violation } from './violation.ts'

const MAX_EVENTS = 60_000
const MAX_APPROVALS = 1_000

export type RoundEnd = {
  readonly store: Store
  readonly notes: Notes
  /** What workers acknowledged. */
  readonly diary: Pick<Diary, 'acknowledged'>
  readonly entries: Entries
  readonly sessionIds: readonly string[]
}

/** What is wrong, and all logs by session. */
export type Checked = {
  readonly violations: readonly Violation[]
  readonly logs: ReadonlyMap<string, readonly LogEvent[]>
}

export async function checkRound(end: RoundEnd): Promise<Checked> {
  const approvals = await end.store.approvals({ limit: MAX_APPROVALS })
  const logs = new Map<string, readonly LogEvent[]>()
  const { contradictions, surprises } = end.notes
  const violations: Violation[] = [
    ...contradictions.map((found) => ({ check: 'acknowledged', sessionId: '', found }) as const),
    ...surprises.slice(0, 3).map((found) => ({ check: 'people', sessionId: '', found }) as const),
  ]
  for (const sessionId of end.sessionIds) {
    const checked = await checkSession(end, sessionId, approvals)
    logs.set(sessionId, checked.log)
    violations.push(...checked.violations)
  }
  const byWorkers = end.diary.acknowledged.map((each) => ({ ...each, kind: 'message_received' }) as const)
  const { acknowledged, revivals } = end.notes
  return {
    violations: [
      ...violations,
      ...checkAcknowledged([...acknowledged, ...byWorkers], logs),
      ...checkRevivals(revivals, logs),
    ],
    logs,
  }
}

async function checkSession(end: RoundEnd, sessionId: string, approvals: readonly ApprovalRow[]) {
  const { store, entries } = end
  const ref = { tenant: 'default', sessionId }
  const head = await store.head(ref)
  const stored = await store.read(ref, 0, MAX_EVENTS)
  if (head === null) return { log: [], violations: [] }
  const chain = verifyChain(ref, stored, { head })
  if (chain.type === 'broken') {
    const found = `broken at ${chain.seq}: ${chain.reason}`
    return { log: [], violations: [{ check: 'chain', sessionId, found }] as const }
  }
  const log = stored.map((each) => decodeEvent(ref, each))
  const { state, violations } = checkLog(sessionId, log)
  const shown = {
    state: canonicalState(await loadState(store, ref, wiring)),
    gate: head.gate,
    status: head.status,
    approvals: approvals
      .flatMap((row) => (row.sessionId === sessionId ? [row.approvalId] : []))
      .toSorted()
      .join(),
  }
  const rows = <Row extends { readonly sessionId: string }>(all: readonly Row[]) =>
    all.filter((row) => row.sessionId === sessionId)
  const ofSession = { starts: rows(entries.starts), landings: rows(entries.landings), lates: rows(entries.lates) }
  return {
    log,
    violations: [...violations, ...checkViews(state, shown), ...checkEffects(sessionId, log, ofSession)],
  }
}

type Shown = {
  readonly state: string
  readonly gate: string
  readonly status: string
  readonly approvals: string
}

/** What snapshot, head and list show is what the log adds up to. */
function checkViews(state: State, shown: Shown): readonly Violation[] {
  const folded: Shown = {
    state: canonicalState(state),
    gate: gateOf(state),
    status: statusWord(status(state)),
    approvals: [...state.index.openApprovals].toSorted().join(),
  }
  return (['state', 'gate', 'status', 'approvals'] as const).flatMap((view): readonly Violation[] => {
    if (folded[view] === shown[view]) return []
    const found =
      view === 'state'
        ? 'the state of the snapshot and its tail is not the fold of the log'
        : `${view} shows "${shown[view]}", the log says "${folded[view]}"`
    return [{ check: 'fold', sessionId: state.sessionId, found }]
  })
}

/** A state in memory has its keys in the order of their making, one from the log in canonical order. */
function canonicalState(state: State): string {
  return canonicalJson(JSON.parse(encodeState(state)))
}

/** Kinds that only a driver writes. */
const goingOn: ReadonlySet<string> = new Set([
  'model_started',
  'model_lost',
  'call_started',
  'call_lost',
  'call_finished',
  'session_ended',
])

type Logs = ReadonlyMap<string, readonly LogEvent[]>

/** Everything acknowledged stands in its log, where it was said to stand. */
function checkAcknowledged(acknowledged: readonly Acknowledged[], logs: Logs): readonly Violation[] {
  return acknowledged.flatMap(({ sessionId, commandId, kind, seq }): readonly Violation[] => {
    const event = logs.get(sessionId)?.find((each) => each.seq === seq)?.event
    if (event?.type === kind && 'commandId' in event && event.commandId === commandId) return []
    const found = `${commandId} was acknowledged as ${kind} at ${seq}; there stands ${event?.type ?? 'nothing'}`
    return [{ check: 'acknowledged', sessionId, found }]
  })
}

/** What was revived went on. */
function checkRevivals(revivals: Notes['revivals'], logs: Logs): readonly Violation[] {
  return revivals.flatMap(({ sessionId, seq }): readonly Violation[] => {
    const later = (logs.get(sessionId) ?? []).filter((each) => each.seq > seq)
    const goesOn = later.some(({ event }) =>
      event.type === 'session_parked' ? event.reason !== 'poison' : goingOn.has(event.type),
    )
    return goesOn ? [] : [{ check: 'revival', sessionId, found: `nothing followed the message behind event ${seq}` }]
  })
}
