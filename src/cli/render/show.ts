/** `pawl show`: a session at a glance. */
import {
  type CallState,
  exposureOf,
  finalText,
  planViewOf,
  type State,
  status,
  statusWord,
  type TranscriptEntry,
  trustOf,
} from '../../core/index.ts'
import type { Head } from '../../ports/index.ts'
import { marks, type Style, statusTone, toned } from '../style.ts'
import { callLine, saysOf } from './call-line.ts'
import { indent, oneLine, plain, widthOf, wrap } from './text.ts'
import { absolute, count, counted, money, relative } from './units.ts'

export type ShowLook = {
  readonly style: Style
  readonly width: number
  readonly textWidth: number
  readonly now: number
}

const LABEL = 8

/** The same for machines. */
export function summaryOf(state: State): object {
  return {
    ending: state.ended?.ending ?? null,
    stopReason: state.ended?.reason ?? null,
    text: finalText(state),
    turns: state.tasks.get('root')?.turn ?? 0,
    spent: state.ledger,
    budget: state.budget,
    openApprovals: [...state.index.openApprovals],
    unresolved: [...state.index.unknown],
    exposure: exposureOf(state),
    route: state.route?.route ?? null,
    isPartial: state.ended?.isPartial ?? false,
    plan: planViewOf(state),
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
  ]
}

function usedOf({ ledger, budget, tasks, sinceMessage }: State): string {
  const of = (cap: string | null) => (cap === null ? '' : ` of ${cap}`)
  const { maxCalls, maxTokens, maxCostMicroUsd } = budget
  return [
    `${counted(tasks.get('root')?.turn ?? 0, 'turn')} (${sinceMessage.turns} of ${budget.maxTurns} since the last message)`,
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
  const tool = Math.max(10, ...[...state.calls.values()].map((call) => widthOf(call.tool)))
  return [
    `${style.cyan(marks.turn)} ${style.bold(`turn ${entry.turn}`)}`,
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
