/** Exponential backoff with equal jitter: half of the doubled base is certain, half is chance (`jitter` in [0, 1)). */
export function backoffMs(baseMs: number, failures: number, jitter: number, maxMs: number): number {
  const full = Math.min(maxMs, baseMs * 2 ** Math.min(failures, 30))
  return Math.round(full / 2 + (full / 2) * jitter)
}
