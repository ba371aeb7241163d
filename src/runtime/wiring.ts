/** The parts that the driver is put together from. The simulator plants its bugs here, and nowhere in shipped paths. */
import { handle, keepPass, next, reduce, undoPass } from '../core/index.ts'
import { startIsolated } from './isolated/start.ts'
import { mayStart } from './may-start.ts'
import { type Redaction, redaction } from './redaction.ts'
import { createUnderWay } from './under-way.ts'

export type Wiring = {
  readonly handle: typeof handle
  readonly next: typeof next
  readonly reduce: typeof reduce
  readonly keepPass: typeof keepPass
  readonly undoPass: typeof undoPass
  readonly createUnderWay: typeof createUnderWay
  readonly mayStart: typeof mayStart
  readonly redaction: Redaction
  readonly startIsolated: typeof startIsolated
}

export const wiring: Wiring = {
  handle,
  next,
  reduce,
  keepPass,
  undoPass,
  createUnderWay,
  mayStart,
  redaction,
  startIsolated,
}
