/** Finds many texts in one, in less than one look a character. */

/** Something to look for, and the name under which it is hidden. */
export type Needle = { readonly text: string; readonly name: string }

/** A piece of a text in which needles stand, overlapping ones together. */
export type Span = { readonly start: number; readonly end: number; readonly name: string }

export interface Finder {
  /** In order, without overlaps; named after the longest needle of each. */
  spans(text: string): readonly Span[]
  /** The names of all that stands in it. */
  names(text: string): ReadonlySet<string>
  /** Where the text ends with the beginning of a needle, at least `least` characters of it; else the length of the text. */
  beginsAt(text: string, least: number): number
  /** Whether a number could be a needle. */
  readonly hasNumbers: boolean
}

const MAX_WINDOW = 16
const MIN_TABLE = 1_024
const MAX_TABLE = 65_536

/** What is looked for, as tables over blocks of two characters. */
type Tables = {
  readonly window: number
  readonly longest: number
  readonly mask: number
  /** How far the search may jump from a block. */
  readonly shifts: Uint8Array
  readonly byLastBlock: ReadonlyMap<number, readonly Needle[]>
  readonly byFirstBlock: ReadonlyMap<number, readonly Needle[]>
  /** 1 where a needle begins with a block. */
  readonly heads: Uint8Array
  readonly firsts: ReadonlySet<string>
}

/**
 * Wu and Manber, "A fast algorithm for multi-pattern searching" (1994), with blocks of two characters: a table says for each block
 * how far the search may jump. Needles have at least two characters; longer ones make longer jumps.
 */
export function createFinder(needles: readonly Needle[]): Finder {
  const tables = tablesOf(needles)
  return {
    spans: (text) => {
      const found: Span[] = []
      each(tables, text, ({ text: { length }, name }, start) => found.push({ start, end: start + length, name }))
      return found.length < 2 ? found : merged(found)
    },
    names: (text) => {
      const found = new Set<string>()
      each(tables, text, ({ name }) => found.add(name))
      return found
    },
    beginsAt: (text, least) => beginsAt(tables, text, least),
    hasNumbers: needles.some(({ text }) => /^-?[\d.]+(e[+-]?\d+)?$/.test(text)),
  }
}

function tablesOf(needles: readonly Needle[]): Tables {
  // As arguments of one call, many needles would not fit on the stack.
  const window = needles.reduce((least, { text }) => Math.min(least, text.length), MAX_WINDOW)
  const mask = tableSize(needles.length * window) - 1
  const shifts = new Uint8Array(mask + 1).fill(window - 1)
  const heads = new Uint8Array(mask + 1)
  const byLastBlock = new Map<number, Needle[]>()
  const byFirstBlock = new Map<number, Needle[]>()
  let longest = 0
  for (const needle of needles) {
    for (let end = 1; end < window; end += 1) {
      const block = blockAt(needle.text, end, mask)
      shifts[block] = Math.min(shifts[block] ?? 0, window - 1 - end)
    }
    push(byLastBlock, blockAt(needle.text, window - 1, mask), needle)
    push(byFirstBlock, blockAt(needle.text, 1, mask), needle)
    heads[blockAt(needle.text, 1, mask)] = 1
    longest = Math.max(longest, needle.text.length)
  }
  const firsts = new Set(needles.map(({ text }) => text.charAt(0)))
  return { window, longest, mask, shifts, byLastBlock, byFirstBlock, heads, firsts }
}

/** The block that ends there, as its place in a table. */
function blockAt(text: string, end: number, mask: number): number {
  return ((text.charCodeAt(end - 1) << 5) ^ text.charCodeAt(end)) & mask
}

function each(tables: Tables, text: string, visit: (needle: Needle, start: number) => void): void {
  const { window, mask, shifts, byLastBlock } = tables
  const { length } = text
  for (let end = window - 1; end < length; ) {
    const block = blockAt(text, end, mask)
    const shift = shifts[block] ?? 0
    if (shift === 0) {
      const start = end - window + 1
      const needle = longestAt(byLastBlock.get(block), text, start)
      if (needle !== null) visit(needle, start)
    }
    end += shift === 0 ? 1 : shift
  }
}

function beginsAt({ longest, mask, heads, byFirstBlock, firsts }: Tables, text: string, least: number): number {
  const last = text.length - Math.max(least, 2)
  for (let start = Math.max(0, text.length - longest + 1); start <= last; start += 1) {
    const block = blockAt(text, start + 1, mask)
    if (heads[block] === 1 && goesOn(byFirstBlock.get(block), text.slice(start))) return start
  }
  return least < 2 && firsts.has(text.slice(-1)) ? text.length - 1 : text.length
}

function tableSize(blocks: number): number {
  let size = MIN_TABLE
  while (size < blocks * 8 && size < MAX_TABLE) size *= 2
  return size
}

function push<Key>(map: Map<Key, Needle[]>, key: Key, needle: Needle): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, [needle])
  else known.push(needle)
}

function goesOn(needles: readonly Needle[] = [], beginning: string): boolean {
  return needles.some(({ text }) => text.length > beginning.length && text.startsWith(beginning))
}

function longestAt(needles: readonly Needle[] | undefined, text: string, start: number): Needle | null {
  if (needles === undefined) return null
  let longest: Needle | null = null
  for (const needle of needles) {
    if (longest !== null && longest.text.length >= needle.text.length) continue
    if (text.startsWith(needle.text, start)) longest = needle
  }
  return longest
}

function merged(found: readonly Span[]): readonly Span[] {
  const spans: Span[] = []
  let widest = 0
  for (const span of found) {
    const last = spans.at(-1)
    const width = span.end - span.start
    if (last === undefined || span.start >= last.end) {
      spans.push(span)
      widest = width
      continue
    }
    const name = width > widest ? span.name : last.name
    widest = Math.max(widest, width)
    spans[spans.length - 1] = { start: last.start, end: Math.max(last.end, span.end), name }
  }
  return spans
}
