/** Live pieces of an answer without secrets, also where one is split over several pieces. */
import type { LiveDelta } from './activation.ts'
import type { Redactor } from './redact.ts'
import { anchors, openUrlAt } from './redact-patterns.ts'

export interface Deltas {
  push(delta: LiveDelta): void
  /** Nothing more comes: gives out what was held back. `cut`: the answer was given up, perhaps in the middle of a value. */
  flush(how: 'whole' | 'cut'): void
}

/** The longest credential that is held back; of a longer one the pieces are given out, each of them redacted. */
const MAX_HELD = 16_384
/** Of the end of a text, what is looked at for words that a credential may follow. */
const MAX_LEAD = 256
/** Of what was given out, so much is remembered: what a credential begins with may have been split behind its first letters. */
const REMEMBERED = 16

/** What is being said of one thing. `rest` was not given out yet, `given` was. */
type Said = { readonly rest: string; readonly given: string; readonly delta: LiveDelta }

/**
 * Holds back what may be the beginning of a value or of a credential until more of it is known; everything else goes out at once.
 * Put together the pieces read as the answer will, but for a letter or two in front of a credential that was split there.
 */
export function createDeltas(redactor: () => Redactor, give: (delta: LiveDelta) => void): Deltas {
  const said = new Map<string, Said>()
  let lastKey: string | null = null
  const giveUpTo = (key: string, { rest, given, delta }: Said, end: number) => {
    const piece = end === 0 ? '' : behind(given, redactor().text(given + rest.slice(0, end)))
    said.set(key, { rest: rest.slice(end), given: (given + piece).slice(-REMEMBERED), delta })
    if (piece !== '') give({ ...delta, text: piece })
  }
  return {
    push: (delta) => {
      const key = `${delta.type}/${delta.index ?? 0}`
      // Another kind of text ends a word; what may become a value goes on.
      const before = lastKey === null || lastKey === key ? undefined : said.get(lastKey)
      if (before !== undefined && lastKey !== null) giveUpTo(lastKey, before, endOfKnown(redactor(), before.rest))
      lastKey = key
      const { rest, given } = said.get(key) ?? { rest: '', given: '' }
      const whole = { rest: rest + delta.text, given, delta: named(redactor(), delta) }
      giveUpTo(key, whole, endOfSafe(redactor(), whole))
    },
    flush: (how) => {
      for (const [key, whole] of said) {
        const rest = how === 'cut' ? redactor().shortened(whole.rest, 0) : whole.rest
        giveUpTo(key, { ...whole, rest }, rest.length)
      }
      said.clear()
    },
  }
}

function named(redactor: Redactor, delta: LiveDelta): LiveDelta {
  return delta.tool === undefined ? delta : { ...delta, tool: redactor.text(delta.tool) }
}

/** What follows what was given out already; of that a credential may have begun in the last letters. */
function behind(given: string, redacted: string): string {
  let same = 0
  while (same < given.length && given[same] === redacted[same]) same += 1
  return redacted.slice(same)
}

function endOfSafe(redactor: Redactor, { rest, given }: Said): number {
  const credential = credentialAt(given + rest) - given.length
  const isHeld = rest.length - credential <= MAX_HELD
  return outsideValues(
    redactor,
    rest,
    Math.min(isHeld ? Math.max(0, credential) : rest.length, redactor.beginsAt(rest)),
  )
}

function endOfKnown(redactor: Redactor, rest: string): number {
  return outsideValues(redactor, rest, redactor.beginsAt(rest))
}

/** A value is given out whole, as its mark. */
function outsideValues(redactor: Redactor, text: string, end: number): number {
  return redactor.spans(text).findLast((span) => span.start < end && span.end > end)?.start ?? end
}

/** Where a credential may begin that has not ended: at its last word, its lead, or the beginning of a key; else the length. */
function credentialAt(text: string): number {
  const key = text.lastIndexOf('-----BEGIN ')
  if (key >= 0 && text.indexOf('-----END ', key) < 0) return key
  const from = Math.max(0, text.length - MAX_HELD - MAX_LEAD)
  const tail = text.slice(from)
  const word = wordAt(tail)
  const lead = LEAD.exec(tail.slice(Math.max(0, word - MAX_LEAD), word))
  if (lead !== null) return from + word - lead[0].length
  if (anchors().spans(tail.slice(word)).length > 0) return from + word
  return Math.min(anchors().beginsAt(text, 2), openUrlAt(text))
}

/** Where the last run of printable ASCII begins: no credential has anything else in it. */
function wordAt(text: string): number {
  let at = text.length
  while (at > 0 && text.charCodeAt(at - 1) > 0x20 && text.charCodeAt(at - 1) < 0x7f) at -= 1
  return at
}

const LEAD =
  /(?:bearer|authorization["':=\s]{0,8}basic|secret_?access_?key["':=\s]{0,8}|authorization["':=]{0,4})\s{0,4}$/i
