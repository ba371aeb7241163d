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
  if (chance.happens(0.3)) return { name: `structure ${number}`, text: structure(chance, 0) }
  let bytes: Buffer = pickOf(chance, seeds)
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
    () => before,
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

/** JSON that is nearly right: keys that come back, numbers at the edge, texts with pieces in them. */
function structure(chance: Chance, depth: number): string {
  const kind = depth > 5 ? 2 + chance.below(3) : chance.below(5)
  if (kind === 0) return `[${several(chance, () => structure(chance, depth + 1))}]`
  if (kind === 1) return `{${several(chance, () => `${key(chance)}:${structure(chance, depth + 1)}`)}}`
  if (kind === 2) return pickOf(chance, numbers)
  if (kind === 3)
    return chance.happens(0.05) ? pickOf(chance, hostilePieces) : JSON.stringify(pickOf(chance, hostilePieces))
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

function key(chance: Chance): string {
  return chance.happens(0.02) ? '"__proto__"' : `"${chance.pick(keys)}"`
}

function several(chance: Chance, make: () => string): string {
  return Array.from({ length: chance.below(5) }, make).join(chance.happens(0.02) ? ',,' : ',')
}

export function pickOf<T>(chance: Chance, list: readonly T[]): T {
  // No list here is empty.
  return list[chance.below(list.length)] as T
}
