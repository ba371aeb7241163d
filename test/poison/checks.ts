/** Every kind of case by its name, each answering with what is wrong, or null. */
import { bytesComplaint, partsComplaint } from './adapter-case.ts'
import { type Complaint, textComplaint, valueComplaint } from './border-case.ts'
import { schemaComplaint } from './schema-case.ts'
import { checkSession } from './session-case.ts'
import type { Kind } from './share.ts'
import type { Subject } from './subject.ts'

export type CaseKind = Exclude<Kind, 'big'>
export type Tally = { steps: number; events: number; settled: number }
type Check = (number: number) => Promise<Complaint>

let unhandled: Complaint = null
for (const kind of ['unhandledRejection', 'uncaughtException'] as const)
  process.on(kind, (problem: unknown) => {
    unhandled ??= `${kind}: ${problem instanceof Error ? problem.stack : String(problem)}`.slice(0, 500)
  })

export function createChecks(subject: Subject, tally: Tally): { readonly [kind in CaseKind]: Check } {
  const sessions: Check = async (number) => {
    const { complaint, steps, events, settled } = await checkSession(subject, number)
    tally.steps = Math.max(tally.steps, steps)
    tally.events += events
    tally.settled += settled
    return complaint
  }
  return {
    texts: async (number) => textComplaint(subject, number),
    values: async (number) => valueComplaint(subject, number),
    parts: watched(partsComplaint),
    bytes: watched(bytesComplaint),
    schemas: async (number) => schemaComplaint(number),
    sessions: watched(sessions),
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
