/** Names of files in a request: what ends like one, and is neither an address nor code. */
import type { RouteRules } from './route-rules.ts'

type FileRules = Pick<RouteRules, 'fileSuffixes' | 'fileNames' | 'notFiles' | 'hostSuffixes'>

/** What a piece of text without blanks is. `wide`: a pattern that stands for many files. */
export type Piece =
  | { readonly type: 'file'; readonly name: string }
  | { readonly type: 'wide' }
  | { readonly type: 'address' }
  | { readonly type: 'text' }

/** Signs that stand around a name and are no part of it. */
const AROUND = new Set('"\'`*()[]{}<>«»„“”‘’‹›「」『』《》、。,;:!?؟|')
/** Where two things are written without a blank: lists, options, links. */
const SEAMS = /[,;=]|\]\(/
/** Scripts that attach to a name of other letters without a blank. */
const ATTACHED =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\u3000-\u303f]+/v
const WIDE = /\*\.\w|[/\\]\*|\*[/\\]/
const LETTER = /[\p{L}\p{N}]/u
const POSSESSIVES = ["'s", '’s']

/** A lookup over the lists of some rules, so that long lists cost a piece nothing. */
export type FileLook = (piece: string) => Piece

export function fileLook(rules: FileRules): FileLook {
  const suffixes = new Set(rules.fileSuffixes)
  const names = new Set(rules.fileNames)
  const notFiles = new Set(rules.notFiles)
  const hosts = new Set(rules.hostSuffixes)

  const isFile = (name: string): boolean => {
    const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
    if (names.has(base)) return true
    const dot = base.lastIndexOf('.')
    if (notFiles.has(name.toLowerCase())) return false
    return suffixes.has(base.slice(dot).toLowerCase()) && LETTER.test(base.slice(0, dot))
  }
  const isHosted = (name: string): boolean => {
    const end = name.indexOf('/')
    const host = name.slice(0, Math.max(0, end))
    return hosts.has(host.slice(Math.max(0, host.lastIndexOf('.'))).toLowerCase())
  }
  return (piece) => {
    if (isAddress(piece)) return { type: 'address' }
    if (WIDE.test(piece)) return { type: 'wide' }
    for (const part of [...piece.split(ATTACHED), piece].flatMap((text) => text.split(SEAMS))) {
      const name = bare(part)
      if (isHosted(name)) return { type: 'address' }
      if (isFile(name)) return { type: 'file', name }
    }
    return { type: 'text' }
  }
}

function isAddress(piece: string): boolean {
  if (piece.includes('://') || piece.includes('www.') || piece.includes('mailto:')) return true
  return bare(piece).indexOf('@') > 0 && !piece.includes('/') && !piece.includes('\\')
}

/** The name without what stands around it, and without the place in it: `src/a.ts:12:5`, `README.md#install`. */
function bare(part: string): string {
  let start = 0
  let end = part.length
  while (start < end && AROUND.has(part.charAt(start))) start += 1
  const isOpened = part.indexOf('(', start) >= 0
  while (end > start && isTrailing(part.charAt(end - 1), isOpened)) end -= 1
  const name = part.slice(start, end)
  const place = name.indexOf('#')
  const line = name.indexOf(':', 2)
  const ends = [place, line].filter((index) => index > 0)
  const short = name.slice(0, ends.length === 0 ? name.length : Math.min(...ends))
  return POSSESSIVES.some((ending) => short.endsWith(ending)) ? short.slice(0, -2) : short
}

/** The bracket of `response.json()` is part of it, and makes code of it. */
function isTrailing(character: string, isOpened: boolean): boolean {
  if (character === ')') return !isOpened
  return character === '.' || AROUND.has(character)
}
