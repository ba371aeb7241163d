import { keyOf } from './records.ts'
import type { SimulationResult } from './simulate.ts'

const LAST_EVENTS = 20
const EVENT_CHARACTERS = 200

/** The seed, what was broken, the last events of that session, and the one line that repeats it. */
export function describeFailure({ seed, violations, records }: SimulationResult, repeatWith: string): string {
  const [first] = violations
  if (first === undefined) return `seed ${seed}: nothing was broken`
  const log = records.find(first)?.log.slice(-LAST_EVENTS) ?? []
  const events = log.map(({ seq, at, event }) => `  ${seq} @${at} ${JSON.stringify(event).slice(0, EVENT_CHARACTERS)}`)
  return [`seed ${seed}: ${keyOf(first)}: ${first.invariant}: ${first.detail}`, ...events, `again: ${repeatWith}`].join(
    '\n',
  )
}
