/**
 * Worker processes. One that came to rest at the end of a round works on the file of another: starting a process costs more
 * than all that it does in a round. One that was struck down, or that had anything to complain of, is not used again.
 */
import { setTimeout as after } from 'node:timers/promises'
import { type Child, type End, startChild } from '../run/child.ts'
import type { Tells, Told, WorkerOrders } from './worker-orders.ts'

/** A drain is over within the grace and a little; a machine under load takes longer. */
const MAX_REST_MS = 20_000

export interface Worker {
  readonly pid: number
  /** Resolves when it has committed something, or has found nothing to do; rejects where it ends before. */
  readonly working: Promise<void>
  /** Resolves when it has been told to drain by a signal, and has heard it. */
  readonly draining: Promise<void>
  readonly ended: Promise<End>
  /** How long its drain took, by its own clock; null: it has not said so. */
  drainMs(): number | null
  signal(name: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): void
  /** Drains it, and gives it back. What went wrong with it, in sentences. */
  rest(): Promise<readonly string[]>
  /** What it reports through `onProblem` is a problem here too. */
  complaints(): readonly string[]
}

export interface Pool {
  take(orders: WorkerOrders, onTells: (tells: Tells) => void): Worker
  /** Ends all that rest. */
  close(): Promise<void>
}

type Idle = { readonly child: Child; hears: (tells: Tells) => void }

export function createPool(): Pool {
  const idle: Idle[] = []
  return {
    take: (orders, onTells) => {
      const found = idle.pop() ?? startIdle()
      return putToWork(found, { orders, onTells, giveBack: () => idle.push(found) })
    },
    close: async () => {
      const all = idle.splice(0)
      for (const { child } of all) child.signal('SIGKILL')
      await Promise.all(all.map(({ child }) => child.ended))
    },
  }
}

function startIdle(): Idle {
  const child = startChild(new URL('worker.ts', import.meta.url), [], (line) => {
    const tells = parse(line)
    if (tells !== null) started.hears(tells)
  })
  const started: Idle = { child, hears: () => {} }
  return started
}

/** A worker's line is ours; one that a kill has cut off is none: null. */
function parse(line: string): Tells | null {
  try {
    return JSON.parse(line) as Tells
  } catch {
    return null
  }
}

type Work = {
  readonly orders: WorkerOrders
  readonly onTells: (tells: Tells) => void
  readonly giveBack: () => void
}

function putToWork(worker: Idle, { orders, onTells, giveBack }: Work): Worker {
  const { child } = worker
  const working = Promise.withResolvers<void>()
  const draining = Promise.withResolvers<void>()
  const rested = Promise.withResolvers<'rested'>()
  let drainMs: number | null = null
  worker.hears = (tells) => {
    if (tells.type === 'drained') drainMs = tells.ms
    if (tells.type === 'working') working.resolve()
    if (tells.type === 'draining') draining.resolve()
    if (tells.type === 'rested') rested.resolve('rested')
    onTells(tells)
  }
  const complaints = (): readonly string[] => {
    const text = child.takeComplaints().trim()
    return text === '' ? [] : [`a worker complained: ${text}`]
  }
  child.ended.then((end) => working.reject(new Error(`expected a worker at work, found an end: ${end}`)))
  working.promise.catch(() => {})
  tell(child, { type: 'work', orders })
  return {
    pid: child.pid,
    working: working.promise,
    draining: draining.promise,
    ended: child.ended,
    drainMs: () => drainMs,
    signal: child.signal,
    complaints,
    rest: async () => {
      tell(child, { type: 'rest' })
      const end = await Promise.race([rested.promise, child.ended, lateAfter(MAX_REST_MS)])
      const problems = [...(end === 'rested' ? [] : [`a worker that should rest ended with ${end}`]), ...complaints()]
      if (problems.length === 0) giveBack()
      else child.signal('SIGKILL')
      return problems
    },
  }
}

function tell(child: Child, told: Told): void {
  child.say(JSON.stringify(told))
}

function lateAfter(ms: number): Promise<'late'> {
  return after(ms, 'late', { ref: false })
}
