/** What is done to a worker, and what is seen of it. */
import { setTimeout as after } from 'node:timers/promises'
import type { End } from '../run/child.ts'
import type { Strike } from './plan-round.ts'
import type { Worker } from './pool.ts'
import type { FileWatch, Held } from './watch-file.ts'

const MAX_END_MS = 20_000

type Hit<T extends Strike['type']> = {
  readonly type: T
  /** Epoch milliseconds of the first signal. */
  readonly at: number
  readonly held: readonly Held[]
}

/** What one strike came to. Times are epoch milliseconds. */
export type Blow =
  | Hit<'kill'>
  | (Hit<'freeze'> & {
      readonly thawedAt: number
      readonly isPastLease: boolean
      readonly takenOver: number
      /** It was frozen while it wrote: nobody else could. */
      readonly isLocking: boolean
    })
  | (Hit<'term'> & {
      readonly endedAt: number
      readonly end: End
      readonly signals: number
      /** Ended by its own drain, whatever came in between. */
      readonly isClean: boolean
      readonly drainMs: number | null
      readonly stillHeld: readonly Held[]
      /** Sessions that others had yet to go on with when it had ended. */
      readonly due: readonly Held[]
    })

/** What is wrong with the worker, and whether it lives on. */
export type Struck = { readonly blow: Blow; readonly problems: readonly string[]; readonly lives: boolean }

export type Means = { readonly watch: FileWatch; readonly leaseMs: number; readonly secondTerm: 'waits' | 'quits' }

export async function strike(worker: Worker, planned: Strike, means: Means): Promise<Struck> {
  if (planned.type === 'kill') return kill(worker, means)
  return planned.type === 'freeze' ? freeze(worker, planned.lastsMs, means) : term(worker, planned, means)
}

async function kill(worker: Worker, { watch }: Means): Promise<Struck> {
  worker.signal('SIGKILL')
  const at = Date.now()
  const held = watch.heldBy(worker.pid)
  const end = await worker.ended
  const problems = end === 'SIGKILL' ? [] : [`a worker ended by itself with ${end}`]
  const blow = { type: 'kill', at, held } as const
  return { blow, problems: [...problems, ...worker.complaints()], lives: false }
}

async function freeze(worker: Worker, lastsMs: number, { watch, leaseMs }: Means): Promise<Struck> {
  worker.signal('SIGSTOP')
  const at = Date.now()
  const held = watch.heldBy(worker.pid)
  await after(lastsMs)
  const takenOver = watch.takenOver(held).length
  const isLocking = held.length > 0 && takenOver === 0 && watch.isLocked()
  const thawedAt = Date.now()
  worker.signal('SIGCONT')
  const isPastLease = thawedAt - at > leaseMs
  return { blow: { type: 'freeze', at, held, thawedAt, isPastLease, takenOver, isLocking }, problems: [], lives: true }
}

async function term(
  worker: Worker,
  { againMs, killMs }: Extract<Strike, { type: 'term' }>,
  { watch, secondTerm }: Means,
): Promise<Struck> {
  const held = watch.heldBy(worker.pid)
  worker.signal('SIGTERM')
  const at = Date.now()
  // It has heard the first, so that a second one is a second one.
  await Promise.race([worker.draining, worker.ended])
  const early: Promise<void>[] = []
  if (againMs !== null) early.push(after(againMs).then(() => worker.signal('SIGTERM')))
  if (killMs !== null) early.push(after(killMs).then(() => worker.signal('SIGKILL')))
  await Promise.all(early)
  const late = after(MAX_END_MS, null, { ref: false }).then(() => worker.signal('SIGKILL'))
  const end = await Promise.race([worker.ended, late.then(() => worker.ended)])
  const endedAt = Date.now()
  const isClean = end === 0
  const stillHeld = isClean ? watch.stillHeld(held) : []
  const due = isClean ? watch.due(held) : []
  const signals = 1 + early.length
  const blow = {
    type: 'term',
    at,
    held,
    endedAt,
    end,
    signals,
    isClean,
    drainMs: worker.drainMs(),
    stillHeld,
    due,
  } as const
  const mayEnd: readonly End[] = [
    0,
    ...(killMs === null ? [] : (['SIGKILL'] as const)),
    ...(againMs !== null && secondTerm === 'quits' ? [143] : []),
  ]
  const problems = mayEnd.includes(end) ? [] : [`a worker that should drain ended with ${end}`]
  return { blow, problems: [...problems, ...worker.complaints()], lives: false }
}
