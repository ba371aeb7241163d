/** One call on one line: mark, tool, verdict, outcome, time, and what it was about. */
import type { CallState, EventOf, JsonObject, Outcome } from '../../core/index.ts'
import { marks, type Style, type Tone, toned } from '../style.ts'
import { cut, oneLine, padEnd, padStart, shortJson, widthOf } from './text.ts'
import { duration } from './units.ts'

export type CallLine = {
  readonly call: Pick<CallState, 'tool' | 'callId' | 'input'>
  /** Of a plan: the task that has made it. */
  readonly task?: string
  /** `allow`, `ask`, `deny`, `invalid`, `approved`. */
  readonly verdict: string
  readonly word: string
  readonly latencyMs: number | null
  /** What came of it, in words. */
  readonly says: string
}

export type LineWidths = { readonly width: number; readonly tool: number }

const VERDICT = 8
const OUTCOME = 7
const TIME = 7
/** What a call was about and what came of it: cells at least, and at most, in a pipe too. */
const LEAST_ABOUT = 16
const MOST_ABOUT = 240

export function callLine(
  { call, task, verdict, word, latencyMs, says }: CallLine,
  widths: LineWidths,
  style: Style,
): string {
  const { mark, tone } = looks(word)
  // A model may have made the name up.
  const tool = padEnd(cut(oneLine(call.tool), widths.tool), widths.tool)
  const time = padStart(latencyMs === null ? '' : duration(latencyMs), TIME)
  const front = [`  ${mark} ${tool}`, padEnd(verdict, VERDICT), padEnd(word, OUTCOME), time]
  const used = front.join('  ').length + 2
  const input = `${task === undefined ? '' : `${oneLine(task)}: `}${shortJson(call.input)}`
  const about = aboutOf(input, says, Math.max(LEAST_ABOUT, Math.min(MOST_ABOUT, widths.width - used)))
  const painted = [
    `  ${toned(style, tone, mark)} ${style.bold(tool)}`,
    style.dim(front[1] ?? ''),
    toned(style, tone, front[2] ?? ''),
    style.dim(time),
  ]
  return `${painted.join('  ')}  ${style.dim(about)}`.trimEnd()
}

/** The input gives way first, down to half of the room. */
function aboutOf(input: string, says: string, room: number): string {
  if (says === '') return cut(input, room)
  const outcome = cut(`→ ${says}`, room)
  return cut(`${cut(input, Math.max(Math.floor(room / 2), room - widthOf(outcome) - 1))} ${outcome}`, room)
}

/** Of an outcome: mark and tone of its word. */
export function looks(word: string): { readonly mark: string; readonly tone: Tone } {
  switch (word) {
    case 'ok':
      return { mark: marks.ok, tone: 'good' }
    case 'held':
      return { mark: marks.held, tone: 'attention' }
    case 'unknown':
    case 'lost':
      return { mark: marks.unknown, tone: 'attention' }
    case 'cancelled':
      return { mark: marks.note, tone: 'quiet' }
    case 'proposed':
    case 'allowed':
    case 'started':
      return { mark: marks.note, tone: 'plain' }
    default:
      return { mark: marks.bad, tone: 'bad' }
  }
}

export function saysOf(outcome: Outcome, summary: JsonObject | undefined): string {
  switch (outcome.type) {
    case 'ok':
      return summary === undefined ? shortJson(outcome.output) : fields(summary)
    case 'blocked':
      return oneLine(outcome.message === outcome.reason ? outcome.reason : `${outcome.reason}: ${outcome.message}`)
    case 'cancelled':
      return ''
    default:
      return oneLine(outcome.message)
  }
}

/** `matches 3, duplicate_charge_detected true`. */
function fields(summary: JsonObject): string {
  return Object.entries(summary)
    .map(([name, value]) => `${oneLine(name)} ${shortJson(value)}`)
    .join(', ')
}

/** The verdict that policy gave, in one short word. */
export function verdictWord({ judgement, raised }: EventOf<'call_judged'>): string {
  if (judgement.type === 'invalid') return 'invalid'
  if (judgement.type === 'question') return 'ask'
  if (judgement.type === 'control') return 'allow'
  const { type } = raised ?? judgement.verdict
  if (type === 'allow' && judgement.verdict.type === 'require_approval') return 'approved'
  return type === 'require_approval' ? 'ask' : type
}
