/**
 * The worker that is struck: a runtime over a round's file. It is told on stdin what to work on and when to rest, and tells on
 * stdout what it does. SIGTERM drains it, and ends it.
 */
import { createInterface } from 'node:readline'
import { type AtWork, goToWork } from './at-work.ts'
import type { Tells, Told } from './worker-orders.ts'

/** As of a program that SIGTERM ended. */
const QUIT = 143

let atWork: AtWork | null = null
/** When the first SIGTERM came: a second one makes the drain no shorter. */
let drainingSince: number | null = null

process.on('SIGTERM', () => {
  if (drainingSince !== null && atWork?.secondTerm === 'quits') process.exit(QUIT)
  if (drainingSince === null) tell({ type: 'draining' })
  drainingSince ??= performance.now()
  leave(true).then(() => process.exit(0))
})

createInterface({ input: process.stdin })
  .on('line', (line) => {
    // The parent has written it.
    const told = JSON.parse(line) as Told
    if (told.type === 'work') atWork = goToWork(told.orders, tell)
    else leave(false).then(() => tell({ type: 'rested' }))
  })
  // The parent holds the other end: when it is gone, nobody would end this process.
  .on('close', () => process.exit(1))

async function leave(isAbrupt: boolean): Promise<void> {
  await atWork?.drain(isAbrupt)
  if (drainingSince !== null) tell({ type: 'drained', ms: Math.round(performance.now() - drainingSince) })
  await atWork?.close()
}

/** A pipe takes a line at once, so that what was told before a SIGKILL has been told. */
function tell(tells: Tells): void {
  process.stdout.write(`${JSON.stringify(tells)}\n`)
}
