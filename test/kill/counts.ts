/** How often each word came. */
export type Counts = Map<string, number>

const BAR = 30

export function createCounts(): Counts {
  return new Map()
}

export function add(counts: Counts, word: string, by = 1): void {
  counts.set(word, (counts.get(word) ?? 0) + by)
}

/** `3 ok, 1 unknown`, the most frequent first. */
export function say(counts: Counts): string {
  return (
    ranked(counts)
      .map(([word, count]) => `${count} ${word}`)
      .join(', ') || 'none'
  )
}

export function histogram(counts: Counts): readonly string[] {
  const most = Math.max(1, ...counts.values())
  return ranked(counts).map(([word, count]) => {
    const bar = '#'.repeat(Math.max(1, Math.round((count / most) * BAR)))
    return `  ${word.padEnd(20)} ${String(count).padStart(5)} ${bar}`
  })
}

function ranked(counts: Counts): readonly [string, number][] {
  return [...counts].toSorted(([, left], [, right]) => right - left)
}
