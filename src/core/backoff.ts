/** How long to wait before an attempt. `jitter` is in [0, 1). */
export type Backoff = {
  readonly baseMs: number
  readonly maxMs: number
  readonly failures: number
  readonly jitter: number
}

/** Exponential backoff with equal jitter: half of the doubled base is certain, half is chance. */
export function backoffMs({ baseMs, maxMs, failures, jitter }: Backoff): number {
  const full = Math.min(maxMs, baseMs * 2 ** Math.min(failures, 30))
  return Math.round(full / 2 + (full / 2) * jitter)
}
