/** Hostile texts by number: first the saved ones, then every cut of the seeds, then mutations and structures by chance. */
import { type Chance, chanceOf } from '../../src/testing/simulator/chance.ts'
import { hostilePieces, savedTexts, seedTexts, textOf } from './saved-texts.ts'

export type TextCase = { readonly name: string; readonly text: string }

const fixed: readonly TextCase[] = [...savedTexts(), ...seedTexts.flatMap(cutsOf)]
const seeds: readonly Buffer[] = seedTexts.map((text) => Buffer.from(text))

/** The same text for the same number, on every machine. */
export function textCase(number: number): TextCase {
  const known = fixed[number]
  if (known !== undefined) return known
  const chance = chanceOf(number)
  const made = structure(chance, 0)
  if (chance.happens(0.4)) return { name: `structure ${number}`, text: made }
  // A text made by chance is different from every other; a seed is small, and alone soon mutated into the same again.
  let bytes: Buffer = chance.happens(0.5) ? Buffer.from(made) : Buffer.concat([pickOf(chance, seeds), drawn(chance)])
  for (let times = 1 + chance.below(4); times > 0; times -= 1) bytes = mutated(chance, bytes)
  return { name: `mutation ${number}`, text: textOf(bytes) }
}

function cutsOf(seed: string): readonly TextCase[] {
  const bytes = Buffer.from(seed)
  return Array.from({ length: bytes.length }, (_, end) => ({
    name: `${seed.slice(0, 20)} cut at ${end}`,
    text: textOf(bytes.subarray(0, end)),
  }))
}

const MAX_BYTES = 4_096

function mutated(chance: Chance, bytes: Buffer): Buffer {
  const at = chance.below(bytes.length + 1)
  const before = bytes.subarray(0, at)
  const after = bytes.subarray(at)
  const piece = Buffer.from(pickOf(chance, hostilePieces))
  const joined = [
    () => Buffer.concat([before, drawn(chance)]),
    () => Buffer.concat([before, Buffer.from([chance.below(256)]), after.subarray(1)]),
    () => Buffer.concat([before, piece, after]),
    () => Buffer.concat([before, piece, after.subarray(chance.below(after.length + 1))]),
    () => Buffer.concat([before, pickOf(chance, seeds), after]),
    () => Buffer.concat([before, ...Array.from({ length: 2 + chance.below(6) }, () => after.subarray(0, 30)), after]),
    () => Buffer.concat([before, after.subarray(1 + chance.below(8))]),
    () => Buffer.concat([after, before]),
  ]
  return pickOf(chance, joined)().subarray(0, MAX_BYTES)
}

/** A few bytes by chance, mostly letters. */
function drawn(chance: Chance): Buffer {
  const byte = () => (chance.happens(0.8) ? 97 + chance.below(26) : chance.below(256))
  return Buffer.from(Array.from({ length: 2 + chance.below(6) }, byte))
}

/** JSON that is nearly right, and never a bare scalar: keys that come back, numbers at the edge, texts with pieces in them. */
function structure(chance: Chance, depth: number): string {
  const kind = depth === 0 ? chance.below(2) : depth > 5 ? 2 + chance.below(5) : chance.below(7)
  if (kind === 0) return `[${several(chance, depth, () => structure(chance, depth + 1))}]`
  if (kind === 1) return `{${several(chance, depth, () => `${key(chance)}:${structure(chance, depth + 1)}`)}}`
  if (kind === 2) return pickOf(chance, numbers)
  if (kind === 3)
    return chance.happens(0.05) ? pickOf(chance, hostilePieces) : JSON.stringify(pickOf(chance, hostilePieces))
  if (kind === 4) return numberByChance(chance)
  if (kind === 5) return JSON.stringify(drawn(chance).toString('latin1'))
  return pickOf(chance, ['true', 'false', 'null', '""', '"\\u0041"', '"\\uD83D\\uDE00"', '"\\ud83d"', '"\\u0000"'])
}

const keys = [
  'a',
  'b',
  'id',
  '',
  'toString',
  'then',
  '\\u0061',
  '\\ud800',
  '\\u0000',
  '1',
  '01',
  'é',
  '\u0430',
  'toJSON',
] as const
const numbers = [
  '0',
  '-0',
  '1',
  '-1.5',
  '1e22',
  '1e400',
  '9007199254740991',
  '9007199254740993',
  '1e-400',
  '0.1',
  '1E+2',
] as const

/** Of any size, most of them exact. */
function numberByChance(chance: Chance): string {
  const digits = String(chance.below(10 ** (1 + chance.below(15))))
  const fraction = chance.happens(0.4) ? `.${chance.below(10_000)}` : ''
  const exponent = chance.happens(0.1) ? `e${chance.below(60) - 30}` : ''
  return `${chance.happens(0.3) ? '-' : ''}${digits}${fraction}${exponent}`
}

function key(chance: Chance): string {
  if (chance.happens(0.5)) return `"${chance.pick(keys)}${chance.below(1_000)}"`
  return chance.happens(0.02) ? '"__proto__"' : `"${chance.pick(keys)}"`
}

function several(chance: Chance, depth: number, make: () => string): string {
  const length = depth === 0 ? 2 + chance.below(5) : chance.below(4)
  return Array.from({ length }, make).join(chance.happens(0.02) ? ',,' : ',')
}

export function pickOf<T>(chance: Chance, list: readonly T[]): T {
  // No list here is empty.
  return list[chance.below(list.length)] as T
}
