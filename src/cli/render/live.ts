/** A session as it happens, line by line. Pure: it is given events and the state after them, and answers with text. */

import {
  type EventKind,
  type EventOf,
  isOfMemory,
  type LogEvent,
  type PawlEvent,
  type Purpose,
  ROOT_TASK,
  type State,
} from '../../core/index.ts'
import { callParts } from '../../core/reduce-model.ts'
import { marks, type Style } from '../style.ts'
import { callLine, saysOf, verdictWord } from './call-line.ts'
import { askedLines } from './live-asked.ts'
import { artifactLines, memoryLines, memoryRequested } from './live-memory.ts'
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

/** What to write for an event, in this order. `text`: what the model said in it, which may have been streamed already. */
export type LiveStep = {
  readonly heading: readonly string[]
  readonly text: string | null
  readonly lines: readonly string[]
}

export interface Live {
  event(logEvent: LogEvent, state: State): LiveStep
}

type Context = LiveOptions & {
  readonly state: State
  readonly at: number
  readonly verdicts: Map<string, string>
  /** What a model was asked for last, by task. */
  readonly purposes: Map<string, Purpose>
}
type Lines = { readonly [K in EventKind]: (event: EventOf<K>, context: Context) => readonly string[] }

export function createLive(options: LiveOptions): Live {
  const verdicts = new Map<string, string>()
  const purposes = new Map<string, Purpose>()
  return {
    event: ({ event, at }, state) => {
      const context: Context = { ...options, state, at, verdicts, purposes }
      // The table pairs each kind with its own renderer; the compiler cannot follow that through an index.
      const render = lines[event.type] as (event: PawlEvent, context: Context) => readonly string[]
      return { heading: headingOf(event, context), text: textOf(event, context), lines: render(event, context) }
    },
  }
}

/** Tasks work side by side: each answer says whose it is. The session's own turns are announced when they begin; memory's requests are none. */
function headingOf(event: PawlEvent, { style, purposes }: Context): readonly string[] {
  if (event.type !== 'model_responded' || event.taskId === ROOT_TASK) return []
  if (isOfMemory(purposes.get(event.taskId) ?? 'decide')) return []
  return ['', `${style.cyan(marks.turn)} ${style.bold(oneLine(event.taskId))} ${style.dim(`turn ${event.turn}`)}`]
}

/** A plan or a route is no text for people: events of their own tell it. */
function textOf(event: PawlEvent, { purposes }: Context): string | null {
  if (event.type !== 'model_responded' || (purposes.get(event.taskId) ?? 'decide') !== 'decide') return null
  return event.response.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('')
}

const nothing = () => []

const lines: Lines = {
  session_started: nothing,
  message_received: ({ text, origin }, { style, textWidth }) => {
    const who = origin.type === 'user' ? '' : style.dim(`${oneLine(origin.id ?? origin.type)}  `)
    return [
      '',
      ...wrap(plain(text), textWidth - 4).map(
        (line, index) => `${index === 0 ? style.cyan('›') : ' '} ${who}${style.bold(line)}`,
      ),
    ]
  },
  session_parked: nothing,
  ...memoryLines,
  session_ended: ({ closing }, { textWidth, state }) => {
    const said = closing ?? answerOfPlan(state)
    return said === '' ? [] : ['', ...wrap(plain(said), textWidth - 2).map((line) => (line === '' ? '' : `  ${line}`))]
  },
  model_started: ({ taskId, turn, attempt, purpose }, { style, purposes }) => {
    purposes.set(taskId, purpose)
    if (attempt > 1 || taskId !== ROOT_TASK || isOfMemory(purpose)) return []
    return ['', `${style.cyan(marks.turn)} ${style.bold(purpose === 'decide' ? `turn ${turn}` : askedFor[purpose])}`]
  },
  model_responded: ({ taskId, response, costMicroUsd, latencyMs }, { style, purposes }) => {
    const { usage, parts } = response
    const tokens =
      usage === null ? 'no usage reported' : `${count(usage.inputTokens)} + ${count(usage.outputTokens)} tokens`
    const calls = callParts(parts).length
    const purpose = purposes.get(taskId) ?? 'decide'
    const decided = calls === 0 ? 'answer' : `${calls} call${calls === 1 ? '' : 's'}`
    const what = memoryRequested(purpose, taskId) ?? (purpose === 'decide' ? decided : purpose)
    return [style.dim(`  ${marks.note} ${[what, tokens, money(costMicroUsd), duration(latencyMs)].join(' · ')}`)]
  },
  model_failed: ({ taskId, error, retryAt, attempt }, { style, at, state, purposes }) => {
    const next = retryAt === null ? 'gave up' : `again ${relative(retryAt, at)}`
    const of = `attempt ${attempt} of ${state.limits.transportAttempts}`
    const requested = memoryRequested(purposes.get(taskId) ?? 'decide', taskId)
    const whose = requested !== null ? `${requested}: ` : taskId === ROOT_TASK ? '' : `${oneLine(taskId)} `
    return [
      `  ${style.yellow(marks.bad)} ${whose}${oneLine(error.code)} ${style.dim(`${oneLine(error.message)} · ${of} · ${next}`)}`,
    ]
  },
  model_lost: (_, { style }) => [style.dim(`  ${marks.unknown} the request was lost with its worker; asked again`)],
  decision_recorded: ({ taskId, decision }, { style }) =>
    decision === 'refused'
      ? [`  ${style.red(marks.bad)} ${taskId === ROOT_TASK ? '' : `${oneLine(taskId)}: `}the model refused`]
      : [],

  call_judged: (event, { verdicts }) => {
    verdicts.set(event.callId, verdictWord(event))
    return []
  },
  call_started: ({ attempt, by }, { style }) =>
    attempt === 1
      ? []
      : [style.dim(`  ${marks.note} attempt ${attempt}${by === undefined ? '' : `, at the word of ${oneLine(by)}`}`)],
  call_finished: ({ callId, outcome, summary, latencyMs, retryAt, artifact }, context) => {
    const says = saysOf(outcome, summary)
    const again = retryAt === undefined ? says : `${says} · again ${relative(retryAt, context.at)}`
    const line = lineOf(context, callId, { word: outcome.type, latencyMs: latencyMs ?? null, says: again })
    return [...line, ...artifactLines(artifact, context)]
  },
  call_lost: ({ callId }, context) =>
    lineOf(context, callId, { word: 'lost', latencyMs: null, says: 'its worker is gone' }),
  call_settled: ({ callId, settlement, by, reason }, { style }) => [
    `  ${style.green(marks.ok)} ${oneLine(by)} settled ${callId}: ${settlement}${reason === undefined ? '' : style.dim(` ${oneLine(reason)}`)}`,
  ],
  late_outcome_noted: ({ callId, outcome }, { style }) => [
    style.dim(`  ${marks.note} ${callId} answered late: ${outcome.type}`),
  ],

  approval_requested: (event, context) => {
    if (event.subject !== undefined) return askedLines(event, context)
    const { callId, approvalId, reason, message, ask } = event
    return [
      ...lineOf(context, callId, { word: 'held', latencyMs: null, says: oneLine(message ?? reason) }),
      context.style.dim(`    ${approvalId}: ${oneLine(reason)}, asks ${oneLine(ask ?? 'anybody')}`),
    ]
  },
  approval_voted: ({ approvalId, by }, { style, state }) => {
    const approval = state.approvals.get(approvalId)
    const votes = `${approval?.votes.length ?? 1} of ${approval?.quorum ?? 1}`
    return (approval?.quorum ?? 1) > 1
      ? [`  ${style.green(marks.ok)} ${oneLine(by)} approved ${approvalId} ${style.dim(votes)}`]
      : []
  },
  approval_resolved: ({ approvalId, resolution, by, reason, answer }, { style }) => {
    const isYes = resolution === 'approved' || resolution === 'edited' || resolution === 'answered'
    const mark = isYes ? style.green(marks.ok) : style.yellow(marks.bad)
    const who = by === undefined ? approvalId : `${oneLine(by)} · ${approvalId}`
    const said = reason ?? answer
    return [`  ${mark} ${resolution} ${style.dim(`${who}${said === undefined ? '' : ` · ${oneLine(said)}`}`)}`]
  },
  ...planLines,
  budget_extended: ({ by }, { style }) => [style.dim(`  ${marks.note} ${oneLine(by)} extended the budget`)],
  cancel_requested: ({ by, reason }, { style }) => [
    `  ${style.yellow(marks.bad)} ${oneLine(by)} cancelled it${reason === undefined ? '' : style.dim(` ${oneLine(reason)}`)}`,
  ],
}

const askedFor = { plan: 'plans', route: 'chooses the way' } as const

/** What a strict plan has come to: no model has said it, so it stands in no other event. */
function answerOfPlan({ transcript, seq }: State): string {
  const last = transcript.at(-1)
  if (last?.type !== 'assistant' || last.seq !== seq) return ''
  return last.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('')
}

type Line = { readonly word: string; readonly latencyMs: number | null; readonly says: string }

function lineOf({ state, style, width, toolWidth, verdicts }: Context, callId: string, line: Line): readonly string[] {
  const call = state.calls.get(callId)
  if (call === undefined) return []
  const verdict = call.approvedHash === null ? (verdicts.get(callId) ?? '') : 'approved'
  const whose = call.taskId === ROOT_TASK ? {} : { task: call.taskId }
  return [callLine({ call, verdict, ...whose, ...line }, { width, tool: toolWidth }, style)]
}
