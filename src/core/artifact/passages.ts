/** An artifact in short pieces that a search can rank, each with the place where it is read. */
import { previewOf } from '../border-text.ts'
import type { Json, JsonObject } from '../json.ts'
import { flatText } from './flat-text.ts'
import { endWithin, isList, isObject, membersOf } from './json-bytes.ts'
import { pointerAt } from './pointer.ts'

/** A piece, and what `read_artifact` takes to show it. */
export type Passage = {
  readonly text: string
  /** JSON Pointer; absent in a text. */
  readonly pointer?: string
  /** From which row, member or character on; absent: the beginning. */
  readonly offset?: number
  /** Of a text, from 1, where the passage begins with a line; else there is its `offset`. */
  readonly line?: number
}

export type Passages = {
  readonly passages: readonly Passage[]
  /** Whether the bound was reached, and the rest of the artifact is in no passage. */
  readonly isCut: boolean
}

/** About; a text in a language of several bytes a letter has fewer letters. */
export const PASSAGE_CHARACTERS = 500
/** What a part of a split row repeats of the row, so that it is found by it. */
const LABEL_CHARACTERS = 100
const LABEL_MEMBER_CHARACTERS = 40
const LABEL_MEMBERS = 2
const LABEL_MEMBERS_LOOKED_AT = 20

type Walk = {
  readonly passages: Passage[]
  readonly max: number
  isCut: boolean
}
/** Where the walk is; the label says what it stands in: keys, and the first short members of what was split. */
type Place = { readonly pointer: string; readonly label: string; readonly depth: number }

/** Deeper values are in no passage. */
const MAX_DEPTH = 100

/**
 * Rows, members and lines, small ones together and long ones split, in the order of the artifact, at most `maxPassages`. Takes time
 * in proportion to the content up to there.
 */
export function passagesOf(content: Json, maxPassages: number): Passages {
  const walk: Walk = { passages: [], max: maxPassages, isCut: false }
  if (typeof content === 'string') splitText(walk, content, placeInText)
  else visit(walk, content, { pointer: '', label: '', depth: 0 })
  return { passages: walk.passages, isCut: walk.isCut }
}

function placeInText({ text, offset, line, beginsLine }: Piece): Passage {
  return beginsLine ? { text, line } : { text, offset }
}

function add(walk: Walk, passage: Passage): void {
  if (walk.passages.length >= walk.max) walk.isCut = true
  else if (passage.text.trim() !== '') walk.passages.push(passage)
}

function visit(walk: Walk, value: Json, place: Place): void {
  if (walk.isCut) return
  const { pointer, label } = place
  const whole = flatText(value, PASSAGE_CHARACTERS)
  // A list is searched by its rows, however short it is.
  if (whole !== null && !(place.depth === 0 && isList(value))) add(walk, { text: under(label, whole), pointer })
  else if (typeof value === 'string')
    splitText(walk, value, ({ offset, text }) => ({ text: under(label, text), pointer, ...from(offset) }))
  else if (place.depth > MAX_DEPTH) walk.isCut = true
  else if (isList(value)) visitRows(walk, value, place)
  else if (isObject(value)) visitMembers(walk, value, place)
}

function visitRows(walk: Walk, rows: readonly Json[], { pointer, label, depth }: Place): void {
  const group = new Group(walk, pointer, { first: label, later: label })
  for (const [index, row] of rows.entries()) {
    const text = typeof row === 'object' && row !== null ? null : flatText(row, PASSAGE_CHARACTERS)
    if (text !== null) group.take(index, text)
    else {
      group.close()
      visit(walk, row, { pointer: pointerAt(pointer, index), label, depth: depth + 1 })
    }
    if (walk.isCut) return
  }
  group.close()
}

function visitMembers(walk: Walk, value: JsonObject, { pointer, label, depth }: Place): void {
  // What stands at the root would stand in every passage.
  const around = depth === 0 ? '' : previewOf(under(label, labelOf(value)), LABEL_CHARACTERS)
  const group = new Group(walk, pointer, { first: label, later: around })
  let index = 0
  for (const [key, member] of membersOf(value)) {
    const name = previewOf(key, LABEL_CHARACTERS)
    // Of a map of rows each is a passage of its own.
    const isRow = depth === 0 && typeof member === 'object' && member !== null
    const text = isRow ? null : flatText(member, PASSAGE_CHARACTERS)
    if (text !== null) group.take(index, `${name}: ${text}`)
    else {
      group.close()
      visit(walk, member, { pointer: pointerAt(pointer, key), label: under(around, name), depth: depth + 1 })
    }
    index += 1
    if (walk.isCut) return
  }
  group.close()
}

/** Small parts that stand side by side are one passage. */
class Group {
  readonly #walk: Walk
  readonly #pointer: string
  readonly #labels: { readonly first: string; readonly later: string }
  #offset = 0
  #parts: string[] = []
  #characters = 0

  constructor(walk: Walk, pointer: string, labels: { readonly first: string; readonly later: string }) {
    this.#walk = walk
    this.#pointer = pointer
    this.#labels = labels
  }

  take(index: number, text: string): void {
    if (this.#characters + text.length > PASSAGE_CHARACTERS) this.close()
    if (this.#parts.length === 0) this.#offset = index
    this.#parts.push(text)
    this.#characters += text.length + 2
  }

  close(): void {
    if (this.#parts.length === 0) return
    const label = this.#offset === 0 ? this.#labels.first : this.#labels.later
    add(this.#walk, { text: under(label, this.#parts.join('; ')), pointer: this.#pointer, ...from(this.#offset) })
    this.#parts = []
    this.#characters = 0
  }
}

function from(offset: number): { readonly offset?: number } {
  return offset === 0 ? {} : { offset }
}

function under(label: string, text: string): string {
  return label === '' || text === '' ? `${label}${text}` : `${label}; ${text}`
}

/** By what a person would know the row: its first short members. */
function labelOf(value: JsonObject): string {
  const parts: string[] = []
  let looked = 0
  for (const [key, member] of membersOf(value)) {
    looked += 1
    if (looked > LABEL_MEMBERS_LOOKED_AT || parts.length === LABEL_MEMBERS) break
    if (typeof member !== 'string' && typeof member !== 'number') continue
    const text = `${key}: ${member}`
    if (text.length <= LABEL_MEMBER_CHARACTERS) parts.push(text)
  }
  return parts.join('; ')
}

type Piece = { readonly text: string; readonly offset: number; readonly line: number; readonly beginsLine: boolean }

/** Whole lines together, or pieces of a long one that end at a space where there is one. */
function splitText(walk: Walk, text: string, passage: (piece: Piece) => Passage): void {
  let line = 1
  for (let at = 0; at < text.length && !walk.isCut; ) {
    const end = pieceEnd(text, at)
    const piece = text.slice(at, end)
    const beginsLine = at === 0 || text[at - 1] === '\n'
    add(walk, passage({ text: piece.trimEnd(), offset: at, line, beginsLine }))
    line += piece.split('\n').length - 1
    at = end
  }
}

function pieceEnd(text: string, at: number): number {
  const end = endWithin(text, at, PASSAGE_CHARACTERS)
  if (end === text.length) return end
  const paragraph = text.lastIndexOf('\n\n', end - 2)
  if (paragraph > at) return paragraph + 2
  const line = text.lastIndexOf('\n', end - 1)
  if (line > at) return line + 1
  const space = text.lastIndexOf(' ', end - 1)
  return space > at ? space + 1 : end
}
