/** `pawl events`: one event on one line. */
import { type LogEvent, type PawlEvent, type PlanProblem, ROOT_TASK, saysCause } from '../../core/index.ts'
import { callParts } from '../../core/reduce-model.ts'
import type { Style } from '../style.ts'
import { verdictWord } from './call-line.ts'
import { aboutShown, artifactShown, memoryDigestOf } from './event-memory.ts'
import { cut, padEnd, padStart, shortJson } from './text.ts'
import { absolute, duration } from './units.ts'

export type EventLook = {
  readonly style: Style
  readonly width: number
  /** When the event in front of it happened; null: this is the first line. */
  readonly before: number | null
}

const SEQ = 5
const LATER = 9
const KIND = 19

/** The first line says when; the others how much later. */
export function renderEvent({ seq, at, event }: LogEvent, { style, width, before }: EventLook): string {
  const later = before === null ? absolute(at).slice(11) : at === before ? '' : `+${duration(at - before)}`
  const place = `${padStart(String(seq), SEQ)}  ${padStart(later, LATER)}`
  const kind = padEnd(event.type, KIND)
  const about = cut(aboutOf(event), Math.max(20, width - place.length - kind.length - 4))
  return `${style.dim(place)}  ${style.bold(kind)}  ${style.dim(about)}`.trimEnd()
}

/** What says most, as `name value`; the whole event is there with --json. */
function aboutOf(event: PawlEvent): string {
  const task = 'taskId' in event && event.taskId !== ROOT_TASK ? { task: event.taskId } : {}
  return Object.entries({ ...task, ...digestOf(event) })
    .filter(([name, value]) => !LONG.has(name) && !isEmpty(value))
    .map(([name, value]) => `${name} ${shortJson(value)}`)
    .join(' · ')
}

function digestOf(event: PawlEvent): object {
  switch (event.type) {
    case 'call_judged': {
      const { judgement } = event
      const policy = judgement.type === 'verdict' ? judgement.policy : undefined
      return { callId: event.callId, verdict: verdictWord(event), ...(policy !== undefined && { policy }) }
    }
    case 'model_responded': {
      const { response, turn, attempt, latencyMs, costMicroUsd } = event
      const said = response.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('')
      const calls = callParts(response.parts).map(({ tool }) => tool)
      return { turn, attempt, calls, said, ...response.usage, latencyMs, costMicroUsd }
    }
    case 'plan_proposed': {
      const { version, mode, cause, taskCount, goal } = event
      return { version, mode, cause: saysCause(cause), tasks: taskCount, goal }
    }
    case 'plan_tasks_listed':
      return { version: event.version, tasks: event.tasks.length }
    case 'plan_rejected': {
      const { version, attempt, problems, by } = event
      return { version, attempt, ...(by !== undefined && { by }), problems: problems.map(problemText).join(' ') }
    }
    case 'plan_adopted':
      return { version: event.version, warnings: event.warnings.map(({ code }) => code).join(', ') }
    case 'model_started': {
      const { about, ...started } = event
      return about === undefined ? started : { for: about.type, ...aboutShown(about), ...started }
    }
    case 'call_finished':
    case 'call_settled': {
      const { callId, artifact, ...ended } = event
      return { callId, ...(artifact !== undefined && { artifact: artifactShown(artifact) }), ...ended }
    }
    default:
      return memoryDigestOf(event) ?? event
  }
}

function problemText({ code, message }: PlanProblem): string {
  return `${code}: ${message}`
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === '') return true
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

/** Hashes, ids of commands, and what was set once at the start. */
const LONG: ReadonlySet<string> = new Set(
  'type budget limits planning memory promptHash hash reserved taskId leaseMs purpose commandId definitionHash'.split(
    ' ',
  ),
)
