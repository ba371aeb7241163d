/** What a view of an input hides, put back into what a person has made of that view: nobody saw it, and nobody changed it. */
import type { Json, JsonObject } from '../core/index.ts'
import { canonicalJson } from './hash.ts'
import { SHORT_MARK } from './redact.ts'

/** An input as it would run, and as it was shown. */
export type Viewed = { readonly own: Json; readonly shown: Json }

export type PutBack = {
  readonly input: Json
  /** Where marks are left that stand for nothing: JSON Pointers. */
  readonly left: readonly string[]
}

const MARK = /\[redacted:[\w.-]{1,64}\]/g

export function putBack(edited: Json, viewed: Viewed): PutBack {
  const left: string[] = []
  const hidesShort = shortMarksIn(JSON.stringify(viewed.shown)) > shortMarksIn(JSON.stringify(viewed.own))
  const isMarked = (text: string, own: Json | undefined) => {
    const before = typeof own === 'string' ? own : ''
    return hasMoreMarks(text, before) || (hidesShort && shortMarksIn(text) > shortMarksIn(before))
  }
  const input = restored({ isMarked, left }, edited, { ...viewed, pointer: '' })
  return { input, left }
}

/** `isMarked`: whether a text holds a mark that was not there. */
type Walk = {
  readonly isMarked: (text: string, own: Json | undefined) => boolean
  readonly left: string[]
}

/** Undefined: the call has nothing at this place. */
type Place = { readonly own: Json | undefined; readonly shown: Json | undefined; readonly pointer: string }

function restored(walk: Walk, edited: Json, place: Place): Json {
  const { own, shown, pointer } = place
  if (typeof edited === 'string') {
    if (own !== undefined && edited === shown) return own
    if (walk.isMarked(edited, own)) walk.left.push(pointer)
    return edited
  }
  if (typeof edited !== 'object' || edited === null) return edited
  if (Array.isArray(edited)) return itemsOf(walk, edited, place)
  // Neither a list nor null.
  return membersOf(walk, edited as JsonObject, place)
}

function membersOf(walk: Walk, edited: JsonObject, { own, shown, pointer }: Place): Json {
  const entries = Object.entries(edited).map(([key, member]) => {
    const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
    const before = memberOf(own, key)
    if (before === undefined && walk.isMarked(key, undefined)) walk.left.push(at)
    return [key, restored(walk, member, { own: before, shown: memberOf(shown, key), pointer: at })] as const
  })
  return Object.fromEntries(entries)
}

/**
 * A mark does not say which item's value it hides. What is left as it was shown, where it was shown, gets its own back; what has changed
 * does so only where it is the one thing in the list that has: else it may be another item in that place.
 */
function itemsOf(walk: Walk, edited: readonly Json[], { own, shown, pointer }: Place): Json {
  const owns = Array.isArray(own) && own.length === edited.length ? own : []
  const showns: readonly Json[] = Array.isArray(shown) && owns.length > 0 ? shown : []
  const before = showns.map(canonicalJson)
  const texts = edited.map(canonicalJson)
  const changed = texts.filter((text, index) => text !== before[index]).length
  const mayKeep = (index: number) => {
    const text = texts[index] ?? ''
    return text === before[index] || (changed === 1 && !before.includes(text))
  }
  return edited.map((item, index) => {
    const kept = mayKeep(index) ? { own: owns[index], shown: showns[index] } : nothing
    return restored(walk, item, { ...kept, pointer: `${pointer}/${index}` })
  })
}

const nothing = { own: undefined, shown: undefined }

function memberOf(value: Json | undefined, key: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, key))
    return undefined
  // Neither a list nor null.
  return (value as JsonObject)[key]
}

function hasMoreMarks(text: string, before: string): boolean {
  const marks = text.match(MARK) ?? []
  if (marks.length === 0) return false
  const had = before.match(MARK) ?? []
  const count = (list: readonly string[], mark: string) => list.filter((each) => each === mark).length
  return [...new Set<string>(marks)].some((mark) => count(marks, mark) > count(had, mark))
}

function shortMarksIn(text: string): number {
  return text.split(SHORT_MARK).length - 1
}
