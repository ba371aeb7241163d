/** `pawl events`: one event on one line. */
import type { LogEvent, PawlEvent } from '../../core/index.ts'
import type { Style } from '../style.ts'
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

/** The fields that say most, as `name value`; the rest is there with --json. */
function aboutOf(event: PawlEvent): string {
  const {
    type: _,
    commandId: __,
    definitionHash: ___,
    ...fields
  } = event as PawlEvent & { commandId?: string; definitionHash?: string }
  return Object.entries(fields)
    .filter(([name, value]) => !LONG.has(name) && value !== undefined)
    .map(([name, value]) => `${name} ${shortJson(value)}`)
    .join(' · ')
}

/** Hashes, and what was set once at the start. */
const LONG: ReadonlySet<string> = new Set([
  'budget',
  'limits',
  'promptHash',
  'hash',
  'reserved',
  'taskId',
  'leaseMs',
  'purpose',
])
