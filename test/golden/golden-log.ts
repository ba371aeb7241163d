import { readFileSync } from 'node:fs'
import type { EventKind, State } from '../../src/core/index.ts'
import { fold, reducers, status, statusWord } from '../../src/core/index.ts'
import type { SessionRef, StoredEvent } from '../../src/ports/index.ts'
import { decodeEvent } from '../../src/runtime/encode.ts'
import { verifyChain } from '../../src/stores/chain.ts'

/** A recorded log, and where it ends. It was written once, and never again. */
type GoldenLog = { readonly name: string; readonly format: number; readonly ref: SessionRef; readonly text: string; readonly head: Head }
type Head = { readonly version: number; readonly hash: string }

export const goldenLogs: readonly GoldenLog[] = [
  golden('1', { version: 60, hash: 'e079e7dcb724cda6c31b0d8f50da60c61796134e756277e0e7a7674558246a83' }),
  golden('2', { version: 183, hash: 'e59c48aee6f615394007d858de6d88d8fdb1e36687f75b1ae0cfe26564aad4c9' }),
  golden('3', { version: 106, hash: '4f956b704a3bbf5207b09cd4b990dd26cb9a84871cc2eafff2c5b89546e230ad' }),
  golden('3-plan', { version: 34, hash: '96a3fd39487de4e6e4ec917b859efd2d2524dd750017de33b17d31f2fa10a17f' }),
]

export const whatAReleasedFormatMeans =
  'A format that is released stays: logs like those of test/golden stand in stores that we do not see, and every later version has to ' +
  'read them to the same state. Restore the line. If an event has to change, add a new kind, or raise FORMAT, write an upcaster in ' +
  'src/core/upcast.ts, and record another golden log beside these.'

/** `name`: its format, and what it is about where a format has several. */
function golden(name: string, head: Head): GoldenLog {
  const ref = { tenant: 'acme', sessionId: `golden-${name}` }
  return { name, format: Number.parseInt(name, 10), ref, head, text: read(`format-${name}.ndjson`) }
}

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8')
}

export function recordedSummary({ name }: GoldenLog): unknown {
  return JSON.parse(read(`format-${name}.state.json`))
}

/** A sentence for whoever changed a recorded log; null where nothing was changed. */
export function whatWasChanged({ ref, head, text }: GoldenLog): string | null {
  const events = parseLog(text)
  const check = verifyChain(ref, events, { head })
  if (check.type === 'holds') return null
  return `line ${check.seq} of the golden log is not what was recorded (${check.reason}). ${whatAReleasedFormatMeans}`
}

/** Kinds of this code that no log has an event of. */
export function kindsWithoutAnEvent(): readonly string[] {
  const recorded = new Set(goldenLogs.flatMap(({ text }) => parseLog(text).map(({ kind }) => kind)))
  // The keys of the table of reducers are the kinds.
  return (Object.keys(reducers) as EventKind[]).filter((kind) => !recorded.has(kind))
}

export function parseLog(text: string): readonly StoredEvent[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as StoredEvent)
}

/** What the log adds up to, in the words that people are shown. */
export function summaryOf({ format, ref, text }: GoldenLog): object {
  const state = fold(
    ref.tenant,
    ref.sessionId,
    parseLog(text).map((stored) => decodeEvent(ref, stored)),
  )
  return {
    status: statusWord(status(state)),
    ended: endOf(state),
    at: state.at,
    seq: state.seq,
    calls: Object.fromEntries([...state.calls.values()].map((each) => [each.callId, callOf(each)])),
    approvals: Object.fromEntries([...state.approvals.values()].map((each) => [each.approvalId, approvalOf(each)])),
    turn: state.tasks.get('root')?.turn,
    failure: state.tasks.get('root')?.failure,
    said: state.transcript.map((entry) => (entry.type === 'user' ? `user: ${entry.text}` : `assistant: turn ${entry.turn}`)),
    budget: state.budget,
    ledger: state.ledger,
    sinceMessage: state.sinceMessage,
    ...(format >= 2 && { work: workOf(state), tasks: [...state.tasks.values()].map(taskOf) }),
    ...(format >= 3 && { memory: memoryOf(state) }),
  }
}

/** Facts, questions, and what has left the prompt of the session's own loop. */
function memoryOf({ facts, questions, tasks, calls }: State): object {
  const { compaction, recalled } = tasks.get('root') ?? {}
  const artifacts = [...calls.values()].flatMap(({ callId, artifact }) => (artifact === null ? [] : [[callId, artifact]]))
  return { facts: [...facts.values()], questions: [...questions.values()], compaction, recalled, artifacts }
}

/** Every version of the plan with what it came from, and what became of each task of the one in force. */
function workOf({ route, plan }: State): object {
  const versions = plan?.versions.map(({ version, mode, cause, status: place, tasks, problems, warnings }) => ({
    version,
    mode,
    cause,
    status: place,
    tasks: tasks.map(({ id }) => id),
    problems: problems.map(({ code }) => code),
    warnings: warnings.map(({ code }) => code),
  }))
  const nodes = [...(plan?.nodes.values() ?? [])].map(nodeOf)
  return { route, versions, inForce: plan?.version, replans: plan?.replans, nodes }
}

function nodeOf({ task, status: place, attempt, element, output, failure, recovery, reason, startedAt, endedAt }: Node) {
  return { id: task.id, status: place, attempt, element, output, failure, recovery, reason, startedAt, endedAt }
}

function taskOf({ taskId, turn, attempt, failure, spent }: Task) {
  return { taskId, turn, attempt, failure, spent }
}

/** What a state has had since is left out: a golden log says what an event meant when it was released. */
function endOf({ ended }: State): object | null {
  if (ended === null) return null
  const { isPartial: _, ...recorded } = ended
  return recorded
}

type Call = State['calls'] extends Map<string, infer Each> ? Each : never
type Task = State['tasks'] extends Map<string, infer Each> ? Each : never
type Node = NonNullable<State['plan']>['nodes'] extends Map<string, infer Each> ? Each : never
type Approval = State['approvals'] extends Map<string, infer Each> ? Each : never

function callOf({ tool, status: place, effect, attempt, input, outcome, settled, lateOutcome, editedBy, tookEffect }: Call) {
  return { tool, status: place, effect, attempt, input, outcome, settled, lateOutcome, editedBy, tookEffect }
}

function approvalOf({ callId, kind, reason, quorum, votes, resolution, resolvedBy }: Approval) {
  return { callId, kind, reason, quorum, votes, resolution, resolvedBy }
}
