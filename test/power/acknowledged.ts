import type { Acknowledgement } from './writer-orders.ts'

type Place = { readonly version: number; readonly hash: string | null }

/** What a writer has said up to a moment. */
export interface Acknowledged {
  /** The furthest that each log was said to reach. */
  readonly ends: ReadonlyMap<string, Place>
  /** The highest fence of each session. */
  readonly fences: ReadonlyMap<string, number>
  /** Every place at which a commit ended, by session and version. */
  readonly commits: ReadonlyMap<string, ReadonlyMap<number, string | null>>
  add(acknowledgement: Acknowledgement): void
}

export function createAcknowledged(said: readonly Acknowledgement[] = []): Acknowledged {
  const ends = new Map<string, Place>()
  const fences = new Map<string, number>()
  const commits = new Map<string, Map<number, string | null>>()
  function add(each: Acknowledgement): void {
    if (each.type === 'claimed') fences.set(each.sessionId, Math.max(each.fence, fences.get(each.sessionId) ?? 0))
    if (each.type !== 'appended') return
    const { sessionId, version, hash } = each
    if (version > (ends.get(sessionId)?.version ?? 0)) ends.set(sessionId, { version, hash })
    const places = commits.get(sessionId) ?? new Map<number, string | null>()
    commits.set(sessionId, places.set(version, hash))
  }
  for (const each of said) add(each)
  return { ends, fences, commits, add }
}

/** Whole lines: the writer writes each at once. */
export function parseSaid(text: string): readonly Acknowledgement[] {
  // The writer's own lines.
  const lines = text.split('\n').filter((line) => line.startsWith('{"type":'))
  return lines.map((line) => JSON.parse(line) as Acknowledgement)
}
