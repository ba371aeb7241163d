/** Every kind of case by its name, each answering with what is wrong, or null. */
import { partsComplaint } from './adapter-case.ts'
import { bigComplaint } from './big-cases.ts'
import { type Complaint, textComplaint, valueComplaint } from './border-case.ts'
import { bytesComplaint } from './bytes-case.ts'
import { checkSchema } from './schema-case.ts'
import { checkSession } from './session-case.ts'
import type { Big, Kind } from './share.ts'
import type { Subject } from './subject.ts'

/** What the checks did, counted where they did it. */
export type Tally = {
  /** Poisons that were given: a session takes many, a schema is one and so is each value that it was asked about. */
  tried: number
  steps: number
  events: number
  settled: number
  readonly figures: Big[]
}
type Check = (number: number) => Promise<Complaint>

let unhandled: Complaint = null
for (const kind of ['unhandledRejection', 'uncaughtException'] as const)
  process.on(kind, (problem: unknown) => {
    unhandled ??= `${kind}: ${problem instanceof Error ? problem.stack : String(problem)}`.slice(0, 500)
  })

export function newTally(): Tally {
  return { tried: 0, steps: 0, events: 0, settled: 0, figures: [] }
}

export function createChecks(subject: Subject, tally: Tally): { readonly [kind in Kind]: Check } {
  const one =
    (check: (subject: Subject, number: number) => Complaint | Promise<Complaint>): Check =>
    async (number) => {
      tally.tried += 1
      return check(subject, number)
    }
  const sessions: Check = async (number) => {
    const { complaint, poisons, steps, events, settled } = await checkSession(subject, number)
    tally.tried += poisons
    tally.steps = Math.max(tally.steps, steps)
    tally.events += events
    tally.settled += settled
    return complaint
  }
  const schemas: Check = async (number) => {
    const { complaint, values } = checkSchema(subject, number)
    tally.tried += 1 + values
    return complaint
  }
  return {
    texts: one(textComplaint),
    values: one(valueComplaint),
    parts: watched(one(partsComplaint)),
    bytes: watched(one(bytesComplaint)),
    schemas,
    sessions: watched(sessions),
    big: one((_, number) => bigComplaint(subject, number, tally.figures)),
  }
}

/** A rejection that nobody handles comes a turn of the event loop later. */
function watched(check: Check): Check {
  return async (number) => {
    const complaint = await check(number)
    await new Promise((resolve) => setImmediate(resolve))
    const found = complaint ?? unhandled
    unhandled = null
    return found
  }
}
