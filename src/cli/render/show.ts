/** `pawl show`: a session at a glance. */
import {
  type CallState,
  exposureOf,
  finalText,
  isAnswerOfPlan,
  memoryPurposes,
  planViewOf,
  ROOT_TASK,
  type State,
  status,
  statusWord,
  type TaskState,
  type TranscriptEntry,
  trustOf,
} from '../../core/index.ts'
import type { Head } from '../../ports/index.ts'
import { marks, type Style, statusTone, toned } from '../style.ts'
import { callLine, saysOf } from './call-line.ts'
import { memoryOf, renderMemory } from './show-memory.ts'
import { indent, oneLine, plain, widthOf, wrap } from './text.ts'
import { absolute, count, counted, money, relative } from './units.ts'

export type ShowLook = {
  readonly style: Style
  readonly width: number
  readonly textWidth: number
  readonly now: number
}

const LABEL = 8
/** Cells for names of tools. A model can make up longer ones. */
const NARROWEST_TOOL = 10
const WIDEST_TOOL = 32

/** The same for machines. */
export function summaryOf(state: State): object {
  return {
    ending: state.ended?.ending ?? null,
    stopReason: state.ended?.reason ?? null,
    text: finalText(state),
    turns: turnsOf(state).own,
    spent: state.ledger,
    budget: state.budget,
    openApprovals: [...state.index.openApprovals],
    unresolved: [...state.index.unknown],
    exposure: exposureOf(state),
    route: state.route?.route ?? null,
    isPartial: state.ended?.isPartial ?? false,
    plan: planViewOf(state),
    ...memoryOf(state),
    calls: [...state.calls.values()].map(
      ({ callId, taskId, tool, turn, input, status: stands, effect, outcome, attempt }) => ({
        callId,
        taskId,
        tool,
        turn,
        input,
        status: stands,
        effect,
        outcome,
        attempt,
      }),
    ),
  }
}

export function renderShow(head: Head, state: State, look: ShowLook): readonly string[] {
  const { style, now } = look
  const word = statusWord(status(state))
  const reason = state.ended === null ? '' : style.dim(`  ${state.ended.reason}`)
  const requester = state.requester.id === undefined ? '' : ` for ${oneLine(state.requester.id)}`
  const field = (label: string, text: string) => `  ${style.dim(label.padEnd(LABEL))}  ${text}`
  return [
    `${style.bold(oneLine(state.agent))}  ${toned(style, statusTone(word), word)}${reason}`,
    field('session', head.sessionId),
    ...(head.tenant === 'default' ? [] : [field('tenant', oneLine(head.tenant))]),
    field('started', `${relative(state.startedAt, now)}${requester}  ${style.dim(absolute(state.startedAt))}`),
    field('last', `${relative(state.at, now)}  ${style.dim(`event ${count(state.seq)}`)}`),
    field('driven', head.workerId === null ? 'by nobody' : `by worker ${head.workerId}`),
    field('used', usedOf(state)),
    ...state.transcript.flatMap((entry) => ['', ...renderEntry(entry, state, look)]),
    ...renderMemory(state, look),
  ]
}

/** The session's own turns, and those of the loops of its tasks; a task that is one call has none. Requests of memory are no turns. */
export function turnsOf({ tasks }: State): {
  readonly own: number
  readonly ofTasks: number
  readonly ofMemory: number
} {
  const ofMemory = ({ purposeTurns }: TaskState) => sum(memoryPurposes.map((purpose) => purposeTurns[purpose]))
  const turns = (task: TaskState) => task.turn - ofMemory(task)
  const all = [...tasks.values()]
  const loops = all.filter(({ taskId, isCall }) => taskId !== ROOT_TASK && !isCall)
  const root = tasks.get(ROOT_TASK)
  return {
    own: root === undefined ? 0 : turns(root),
    ofTasks: sum(loops.map(turns)),
    ofMemory: sum(all.map(ofMemory)),
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}

function usedOf(state: State): string {
  const { ledger, budget, sinceMessage } = state
  const of = (cap: string | null) => (cap === null ? '' : ` of ${cap}`)
  const { maxCalls, maxTokens, maxCostMicroUsd } = budget
  const { own, ofTasks, ofMemory } = turnsOf(state)
  return [
    `${counted(own, 'turn')} (${sinceMessage.turns} of ${budget.maxTurns} since the last message)`,
    ...(ofTasks === 0 ? [] : [`${counted(ofTasks, 'turn')} of tasks`]),
    ...(ofMemory === 0 ? [] : [`${counted(ofMemory, 'request')} for memory`]),
    `${counted(ledger.calls, 'call')}${of(maxCalls === null ? null : count(maxCalls))}`,
    `${counted(ledger.tokens, 'token')}${of(maxTokens === null ? null : count(maxTokens))}`,
    `${money(ledger.costMicroUsd)}${of(maxCostMicroUsd === null ? null : money(maxCostMicroUsd))}`,
  ].join(' · ')
}

function renderEntry(entry: TranscriptEntry, state: State, look: ShowLook): readonly string[] {
  const { style, textWidth } = look
  if (entry.type === 'user') {
    const whose = entry.trust === 'user' ? '' : `[${entry.trust}] `
    return wrap(plain(`${whose}${entry.text}`), textWidth - 4).map(
      (line, index) => `${index === 0 ? style.cyan('›') : ' '} ${style.bold(line)}`,
    )
  }
  const said = entry.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('')
  const calls = entry.callIds.flatMap((callId) => state.calls.get(callId) ?? [])
  const tools = calls.map((call) => widthOf(oneLine(call.tool)))
  const tool = Math.min(WIDEST_TOOL, Math.max(NARROWEST_TOOL, ...tools))
  return [
    `${style.cyan(marks.turn)} ${style.bold(isAnswerOfPlan(entry) ? 'answer of the plan' : `turn ${entry.turn}`)}`,
    ...(said === '' ? [] : indent(wrap(plain(said), textWidth - 2), 2)),
    ...calls.map((call) => lineOf(call, { ...look, tool })),
  ]
}

function lineOf(call: CallState, { style, width, tool }: ShowLook & { tool: number }): string {
  const { outcome, effect, summary } = call
  const word = outcome?.type ?? call.status
  const waits = call.status === 'held' ? (call.policyReason ?? '') : ''
  const from = outcome !== null && call.startedAt > 0 && trustOf(call) === 'external' ? '[external] ' : ''
  const says = outcome === null ? waits : `${from}${saysOf(outcome, summary)}`
  return callLine({ call, verdict: effect ?? '', word, latencyMs: null, says }, { width, tool }, style)
}
