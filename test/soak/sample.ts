/** What a process holds at one moment, and whether it holds more and more. */
import { readdirSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { median } from '../../bench/run/statistics.ts'

export type Sample = {
  readonly sessions: number
  readonly heapBytes: number
  readonly rssBytes: number
  /** Timers, sockets and the like that keep the process alive. */
  readonly handles: number
  readonly openFiles: number
  /** On the process object. */
  readonly listeners: number
  readonly walBytes: number
  readonly bytesPerSession: number
}

export function takeSample(path: string, sessions: number): Sample {
  globalThis.gc?.()
  const { heapUsed, rss } = process.memoryUsage()
  return {
    sessions,
    heapBytes: heapUsed,
    rssBytes: rss,
    handles: process.getActiveResourcesInfo().length,
    openFiles: readdirSync('/proc/self/fd').length,
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
    walBytes: sizeOf(`${path}-wal`),
    bytesPerSession: Math.round(bytesIn(path) / Math.max(1, sessions)),
  }
}

type Measured = Exclude<keyof Sample, 'sessions'>

/** How much more than in the second quarter the last one may hold: a factor for what breathes, and a floor for what is small. */
const flat: Readonly<Record<Measured, { readonly factor: number; readonly floor: number }>> = {
  heapBytes: { factor: 1.15, floor: 6_000_000 },
  rssBytes: { factor: 1.2, floor: 30_000_000 },
  handles: { factor: 1, floor: 40 },
  openFiles: { factor: 1, floor: 4 },
  listeners: { factor: 1, floor: 4 },
  walBytes: { factor: 1.3, floor: 4_000_000 },
  bytesPerSession: { factor: 1.1, floor: 1_000 },
}

/** What grew, as sentences; the first quarter is the warming up. */
export function growth(samples: readonly Sample[]): readonly string[] {
  const quarter = Math.floor(samples.length / 4)
  const before = samples.slice(quarter, 2 * quarter)
  const after = samples.slice(-quarter)
  // The table has a line for each of them.
  return (Object.keys(flat) as Measured[]).flatMap((name) => {
    const [from, to] = [median(before.map((each) => each[name])), median(after.map((each) => each[name]))]
    const { factor, floor } = flat[name]
    return to > from * factor + floor ? [`${name} grew from ${from} to ${to}`] : []
  })
}

/** Of the pages in use, those among them that stand in the log alone: the file itself grows in steps, by checkpoints. */
function bytesIn(path: string): number {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    const pragma = (name: string) => Number(database.prepare(`PRAGMA ${name}`).get()?.[name])
    return pragma('page_count') * pragma('page_size')
  } finally {
    database.close()
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
