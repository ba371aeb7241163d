/** The parts that the driver is put together from. The simulator plants its bugs here, and nowhere in shipped paths. */
import { handle, keepPass, next, reduce, undoPass } from '../core/index.ts'
import { mayStart } from './may-start.ts'
import { createUnderWay } from './under-way.ts'

export type Wiring = {
  readonly handle: typeof handle
  readonly next: typeof next
  readonly reduce: typeof reduce
  readonly keepPass: typeof keepPass
  readonly undoPass: typeof undoPass
  readonly createUnderWay: typeof createUnderWay
  readonly mayStart: typeof mayStart
}

export const wiring: Wiring = { handle, next, reduce, keepPass, undoPass, createUnderWay, mayStart }
