/** Cases of the border alone: texts against a reference that works in another way, values against the rules. */
import canonicalize from 'canonicalize'
import type { BorderMode, Json } from '../../src/core/index.ts'
import { type TextCase, textCase } from './generate-text.ts'
import { valueCase } from './generate-value.ts'
import { referenceOf, tryParse, type Verdict } from './reference.ts'
import type { Subject } from './subject.ts'

const limits = { maxDepth: 64, maxBytes: 262_144 }

/** What is wrong, or null. */
export type Complaint = string | null

export function textComplaint(subject: Subject, number: number): Complaint {
  const { name, text } = textCase(number)
  const complaint = guarded(() => checkText(subject, text))
  return complaint === null ? null : `${name}: ${complaint}`
}

function checkText(subject: Subject, text: TextCase['text']): Complaint {
  const reference = referenceOf(text, limits)
  for (const mode of ['repair', 'refuse'] as const) {
    const wanted = reference.type === 'ok' && (mode === 'repair' || reference.isClean)
    const read = subject.parseJson(text, limits, mode)
    if ((read.type === 'ok') !== wanted) return `${mode}: read as ${read.type}, the rules say ${ruleOf(reference)}`
    if (read.type === 'problem') continue
    // The reference holds only JSON.
    const expected = canonicalize((reference.type === 'ok' ? reference.value : null) as Json)
    if (subject.canonicalJson(read.value) !== expected) return `${mode}: read as another value`
    const admitted = subject.admit(tryParse(text), limits, mode)
    if (admitted.type !== 'ok') return `${mode}: the text is read, and its value not admitted: ${admitted.problem}`
    if (subject.canonicalJson(admitted.value) !== expected) return `${mode}: admitted as another value`
  }
  return null
}

function ruleOf(reference: Verdict): string {
  return reference.type === 'ok' ? `ok${reference.isClean ? '' : ', once repaired'}` : reference.rule
}

export function valueComplaint(subject: Subject, number: number): Complaint {
  const complaint = guarded(() => checkValue(subject, () => valueCase(number)))
  return complaint === null ? null : `value ${number}: ${complaint}`
}

function checkValue(subject: Subject, make: () => unknown): Complaint {
  for (const mode of ['repair', 'refuse'] as const) {
    const admitted = subject.admit(make(), limits, mode)
    if (admitted.type === 'problem') {
      if (typeof admitted.problem !== 'string' || admitted.problem.length > 1_000) return 'a problem without end'
      continue
    }
    const complaint = checkAdmitted(subject, admitted.value, mode)
    if (complaint !== null) return `${mode}: ${complaint}`
  }
  return null
}

/** What was let in must come back out of a log as the same bytes. */
function checkAdmitted(subject: Subject, value: Json, mode: BorderMode): Complaint {
  const text = subject.canonicalJson(value)
  if (text !== canonicalize(value)) return 'its canonical text is another by the independent library'
  if (Buffer.byteLength(text) > limits.maxBytes) return 'larger than the limit'
  const again = subject.parseJson(text, limits, 'refuse')
  if (again.type === 'problem') return `let in, and then refused as text: ${again.problem}`
  return subject.canonicalJson(again.value) === text ? null : `${mode}: another value after a round trip`
}

/** Nothing may be thrown at a border, and nothing may be left behind in the prototypes. */
export function guarded(check: () => Complaint): Complaint {
  try {
    return check() ?? pollution()
  } catch (error) {
    return `it threw: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`.slice(0, 300)
  }
}

const prototypes = [Object, Array, Function, String, Number, Promise, Map].map(({ prototype }) => ({
  prototype,
  keys: Reflect.ownKeys(prototype).length,
}))

export function pollution(): Complaint {
  for (const key in {}) return `Object.prototype has got ${key}`
  const changed = prototypes.find(({ prototype, keys }) => Reflect.ownKeys(prototype).length !== keys)
  return changed === undefined ? null : `the prototype of ${changed.prototype.constructor.name} was changed`
}
