/** What may cross the border, whichever way it comes: rules that reading text and admitting values share. */
import type { Json } from './json.ts'

/** What outside data comes to: a value that can stand in the log, or a sentence that says where and why not. */
export type Admitted =
  | { readonly type: 'ok'; readonly value: Json }
  | { readonly type: 'problem'; readonly problem: string }

/** How deep and how large outside data may be. A number or a string alone has depth 0; `[]` has depth 1. */
export type BorderLimits = { readonly maxDepth: number; readonly maxBytes: number }

/** What a NUL or a lone surrogate does: makes the whole value a problem (request bodies), or becomes U+FFFD (models, tools). */
export type BorderMode = 'refuse' | 'repair'

/** Stops the reading of one value; it never leaves the border's functions. */
export class BorderProblem extends Error {}

/** Keys that would change what an object is in careless code. No value in a log has them. */
export const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Integers that a double cannot tell from their neighbours, and that would be written in digits. From 1e21 on JavaScript writes
 * an exponent, so such a number is known to be an approximation and passes.
 */
export function isUnsafeInteger(value: number): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 1e21
}

const MAX_QUOTED_CHARACTERS = 40

/**
 * A text from outside inside a sentence that says what it is (`the key …`), never longer than the sentence around it: quoted whole, or
 * told by its length. It may hold a secret, and of one that is cut nobody could find what is left.
 */
export function quoted(text: string): string {
  return text.length <= MAX_QUOTED_CHARACTERS ? JSON.stringify(text) : `of ${text.length} characters`
}

/** The same where the sentence has no word for it yet: `"a.ts"`, or `a path of 52 characters`. */
export function quotedAs(what: string, text: string): string {
  return text.length <= MAX_QUOTED_CHARACTERS ? quoted(text) : `a ${what} ${quoted(text)}`
}
