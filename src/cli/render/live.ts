/** A session as it happens, line by line. Pure: it is given events and the state after them, and answers with text. */

import type { EventKind, EventOf, LogEvent, PawlEvent, State } from '../../core/index.ts'
import { callParts } from '../../core/reduce-model.ts'
import { marks, type Style } from '../style.ts'
import { callLine, saysOf, verdictWord } from './call-line.ts'
import { planLines } from './plan-lines.ts'
import { oneLine, plain, wrap } from './text.ts'
import { count, duration, money, relative } from './units.ts'

export type LiveOptions = {
  readonly style: Style
  readonly width: number
  readonly textWidth: number
  /** Cells for names of tools. */
  readonly toolWidth: number
}

/** What to write for an event. `text`: what the model said in it, which may have been streamed already. */
export type LiveStep = { readonly text: string | null; readonly lines: readonly string[] }

export interface Live {
  event(logEvent: LogEvent, state: State): LiveStep
}

type Context = LiveOptions & {
  readonly state: State
  readonly at: number
  readonly verdicts: Map<string, string>
}
type Lines = { readonly [K in EventKind]: (event: EventOf<K>, context: Context) => readonly string[] }

export function createLive(options: LiveOptions): Live {
  const verdicts = new Map<string, string>()
  return {
    event: ({ event, at }, state) => {
      // The table pairs each kind with its own renderer; the compiler cannot follow that through an index.
      const render = lines[event.type] as (event: PawlEvent, context: Context) => readonly string[]
      return { text: textOf(event), lines: render(event, { ...options, state, at, verdicts }) }
    },
  }
}

function textOf(event: PawlEvent): string | null {
  if (event.type !== 'model_responded') return null
  return event.response.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('')
}

const nothing = () => []

const lines: Lines = {
  session_started: nothing,
  message_received: ({ text, origin }, { style, textWidth }) => {
    const who = origin.type === 'user' ? '' : style.dim(`${origin.id ?? origin.type}  `)
    return [
      '',
      ...wrap(plain(text), textWidth - 4).map(
        (line, index) => `${index === 0 ? style.cyan('›') : ' '} ${who}${style.bold(line)}`,
      ),
    ]
  },
  session_parked: nothing,
  session_ended: ({ closing }, { textWidth }) =>
    closing === undefined ? [] : ['', ...wrap(plain(closing), textWidth - 2).map((line) => `  ${line}`)],
  model_started: ({ turn, attempt }, { style }) =>
    attempt > 1 ? [] : ['', `${style.cyan(marks.turn)} ${style.bold(`turn ${turn}`)}`],
  model_responded: ({ response, costMicroUsd, latencyMs }, { style }) => {
    const { usage, parts } = response
    const tokens =
      usage === null ? 'no usage reported' : `${count(usage.inputTokens)} + ${count(usage.outputTokens)} tokens`
    const calls = callParts(parts).length
    const what = calls === 0 ? 'answer' : `${calls} call${calls === 1 ? '' : 's'}`
    return [style.dim(`  ${marks.note} ${[what, tokens, money(costMicroUsd), duration(latencyMs)].join(' · ')}`)]
  },
  model_failed: ({ error, retryAt, attempt }, { style, at, state }) => {
    const next = retryAt === null ? 'gave up' : `again ${relative(retryAt, at)}`
    const of = `attempt ${attempt} of ${state.limits.transportAttempts}`
    return [`  ${style.yellow(marks.bad)} ${error.code} ${style.dim(`${oneLine(error.message)} · ${of} · ${next}`)}`]
  },
  model_lost: (_, { style }) => [style.dim(`  ${marks.unknown} the request was lost with its worker; asked again`)],
  decision_recorded: ({ decision }, { style }) =>
    decision === 'refused' ? [`  ${style.red(marks.bad)} the model refused`] : [],

  call_judged: (event, { verdicts }) => {
    verdicts.set(event.callId, verdictWord(event))
    return []
  },
  call_started: ({ attempt, by }, { style }) =>
    attempt === 1
      ? []
      : [style.dim(`  ${marks.note} attempt ${attempt}${by === undefined ? '' : `, at the word of ${by}`}`)],
  call_finished: ({ callId, outcome, summary, latencyMs, retryAt }, context) => {
    const says = saysOf(outcome, summary)
    const again = retryAt === undefined ? says : `${says} · again ${relative(retryAt, context.at)}`
    return lineOf(context, callId, { word: outcome.type, latencyMs: latencyMs ?? null, says: again })
  },
  call_lost: ({ callId }, context) =>
    lineOf(context, callId, { word: 'lost', latencyMs: null, says: 'its worker is gone' }),
  call_settled: ({ callId, settlement, by, reason }, { style }) => [
    `  ${style.green(marks.ok)} ${by} settled ${callId}: ${settlement}${reason === undefined ? '' : style.dim(` ${oneLine(reason)}`)}`,
  ],
  late_outcome_noted: ({ callId, outcome }, { style }) => [
    style.dim(`  ${marks.note} ${callId} answered late: ${outcome.type}`),
  ],

  approval_requested: ({ callId, approvalId, reason, message, ask }, context) => [
    ...lineOf(context, callId, { word: 'held', latencyMs: null, says: oneLine(message ?? reason) }),
    context.style.dim(`    ${approvalId}: ${oneLine(reason)}, asks ${ask ?? 'anybody'}`),
  ],
  approval_voted: ({ approvalId, by }, { style, state }) => {
    const approval = state.approvals.get(approvalId)
    const votes = `${approval?.votes.length ?? 1} of ${approval?.quorum ?? 1}`
    return (approval?.quorum ?? 1) > 1
      ? [`  ${style.green(marks.ok)} ${by} approved ${approvalId} ${style.dim(votes)}`]
      : []
  },
  approval_resolved: ({ approvalId, resolution, by, reason }, { style }) => {
    const isYes = resolution === 'approved' || resolution === 'edited' || resolution === 'answered'
    const mark = isYes ? style.green(marks.ok) : style.yellow(marks.bad)
    const who = by === undefined ? approvalId : `${by} · ${approvalId}`
    return [`  ${mark} ${resolution} ${style.dim(`${who}${reason === undefined ? '' : ` · ${oneLine(reason)}`}`)}`]
  },
  ...planLines,
  budget_extended: ({ by }, { style }) => [style.dim(`  ${marks.note} ${by} extended the budget`)],
  cancel_requested: ({ by, reason }, { style }) => [
    `  ${style.yellow(marks.bad)} ${by} cancelled it${reason === undefined ? '' : style.dim(` ${oneLine(reason)}`)}`,
  ],
}

type Line = { readonly word: string; readonly latencyMs: number | null; readonly says: string }

function lineOf({ state, style, width, toolWidth, verdicts }: Context, callId: string, line: Line): readonly string[] {
  const call = state.calls.get(callId)
  if (call === undefined) return []
  const verdict = call.approvedHash === null ? (verdicts.get(callId) ?? '') : 'approved'
  return [callLine({ call, verdict, ...line }, { width, tool: toolWidth }, style)]
}
