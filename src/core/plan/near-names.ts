/** "Did you mean": the names closest to one that nobody knows. */

/** Names beyond these are not looked at: a suggestion is no reason to make a large plan slow. */
const MAX_CANDIDATES = 2_000
const MAX_SUGGESTIONS = 3

/** A sentence with a space before it, or nothing. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const near = nearNames(name, candidates).map((candidate) => JSON.stringify(candidate))
  return near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`
}

/** The closest first; of those as close, in the order given. */
export function nearNames(name: string, candidates: Iterable<string>): readonly string[] {
  const wanted = bare(name)
  // One letter changed in a name of one letter is any other.
  const limit = wanted.length < 2 ? 0 : Math.min(4, Math.max(1, Math.floor(wanted.length / 3)))
  const near: { readonly candidate: string; readonly distance: number }[] = []
  let looked = 0
  for (const candidate of candidates) {
    looked += 1
    if (looked > MAX_CANDIDATES) break
    const distance = distanceOf(wanted, bare(candidate), limit)
    if (candidate !== name && distance <= limit) near.push({ candidate, distance })
  }
  const best = Math.min(...near.map(({ distance }) => distance))
  return near
    .filter(({ distance }) => distance <= best + 1)
    .sort((one, other) => one.distance - other.distance)
    .slice(0, MAX_SUGGESTIONS)
    .map(({ candidate }) => candidate)
}

/** Case and separators are what is mixed up most. */
function bare(name: string): string {
  return name
    .slice(0, 64)
    .toLowerCase()
    .replace(/[\s_.-]/g, '')
}

/** Letters to insert, remove or change (Levenshtein); more than the limit: some number over it. */
function distanceOf(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) > limit) return limit + 1
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= other.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    if (Math.min(...next) > limit) return limit + 1
    row = next
  }
  return row[other.length] ?? 0
}
