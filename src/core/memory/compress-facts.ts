/** Which facts stay when there are too many, and how the others become two or three points. */
import type { Json, JsonObject } from '../json.ts'
import { found } from '../plan/plan-fields.ts'
import { cutTo, jsonText, onOneLine, type Room, shareOf } from '../plan/plan-text.ts'
import { isJsonObject } from '../plan/same-json.ts'
import { COMPRESSED_KEY, type Fact } from './fact.ts'
import { byWorth, isPinnedFact } from './fact-order.ts'
import { goalSection, type MemoryPrompt, QUOTED_LINES, section } from './memory-prompt.ts'
import type { FactLimits } from './memory-terms.ts'

export type FactCompression = {
  /** Keys of the facts that stay as they are. */
  readonly keep: readonly string[]
  /**
   * All others, for whoever makes points of them: the points of the last compression first, then the oldest. Empty: pinned facts leave
   * no place for points, and the others are to be dropped.
   */
  readonly fold: readonly Fact[]
}

type Facts = ReadonlyMap<string, Fact>
type Limits = Pick<FactLimits, 'maxFacts' | 'pinAt'>

/**
 * Null: there are no more than `maxFacts`, or nothing that may go. Pinned facts stay, and with them those of the highest priority
 * until half of `maxFacts` is reached; the rest leaves, the points of the last compression in any case. Of one priority the newest
 * stay. With the points there are then at most `maxFacts`, unless pinned ones alone are more.
 */
export function compressionOf(facts: Facts, limits: Limits): FactCompression | null {
  if (facts.size <= limits.maxFacts) return null
  const { pinned, others } = parted(facts, limits)
  if (others.length === 0) return null
  const room = Math.max(0, Math.floor(limits.maxFacts / 2) - pinned.length)
  const kept = new Set([...pinned, ...others.filter(({ key }) => key !== COMPRESSED_KEY).slice(0, room)])
  const hasPlace = kept.size < limits.maxFacts
  return {
    keep: [...kept].map(({ key }) => key),
    fold: hasPlace ? others.filter((fact) => !kept.has(fact)).sort(oldestFirst) : [],
  }
}

/** Keys of the facts that go when no points can be made: the lowest, until `maxFacts` are left, or nothing that may go. */
export function dropped(facts: Facts, limits: Limits): readonly string[] {
  const { others } = parted(facts, limits)
  const tooMany = Math.max(0, facts.size - limits.maxFacts)
  return others.slice(Math.max(0, others.length - tooMany)).map(({ key }) => key)
}

/** Those that stay longest first. */
function parted(facts: Facts, limits: Limits): { readonly pinned: readonly Fact[]; readonly others: readonly Fact[] } {
  const all = [...facts.values()].sort(byWorth)
  return {
    pinned: all.filter((fact) => isPinnedFact(fact, limits)),
    others: all.filter((fact) => !isPinnedFact(fact, limits)),
  }
}

function oldestFirst(one: Fact, other: Fact): number {
  return Number(other.key === COMPRESSED_KEY) - Number(one.key === COMPRESSED_KEY) || one.seq - other.seq
}

const LEAST_POINTS = 2
const MOST_POINTS = 3
/** Of one point. What is longer is cut. */
export const POINT_CHARACTERS = 600

/** Characters of the values of all facts that are folded, and of one. */
const FOLDED_FACTS: Room = { total: 48_000, mostEach: 4_000, leastEach: 60 }

const INSTRUCTIONS = `You make the notes of an agent shorter: many facts become ${LEAST_POINTS} or ${MOST_POINTS} points, and the facts themselves are thrown away.

- Answer with {"points": [...]}: ${LEAST_POINTS} or ${MOST_POINTS} texts, each of one or two sentences and at most ${POINT_CHARACTERS} characters.
- Keep what the goal under [GOAL] still needs. Ids, amounts, names and dates stand in the points as they stand in the facts.
- The fact ${COMPRESSED_KEY} is what you made of older facts before: it goes into the points too.
- Add nothing that is not in the facts, and conclude nothing from them.`

/** `fold` in the order in which `compressionOf` gives it. */
export function compressPrompt(goal: string, fold: readonly Fact[]): MemoryPrompt {
  const values = fold.map(({ value }) => jsonText(value))
  const share = shareOf(
    values.map(({ length }) => length),
    FOLDED_FACTS,
  )
  const lines = fold.map(({ key, trust, confidence }, index) => {
    const said = [
      ...(trust === 'external' ? ['external'] : []),
      ...(confidence < 1 ? [`confidence ${confidence}`] : []),
    ]
    return `- ${key}${said.length === 0 ? '' : ` (${said.join(', ')})`}: ${cutTo(values[index] ?? '', share)}`
  })
  return {
    instructions: [INSTRUCTIONS, QUOTED_LINES].join('\n\n'),
    text: [goalSection(goal), section('FACTS', lines)].join('\n\n'),
  }
}

/** JSON Schema of the answer. The member is required and nothing is bounded, so that every provider's strict mode takes it. */
export function compressSchema(): JsonObject {
  return {
    type: 'object',
    properties: {
      points: { type: 'array', items: { type: 'string' }, description: `${LEAST_POINTS} or ${MOST_POINTS} points.` },
    },
    required: ['points'],
    additionalProperties: false,
  }
}

export type ReadPoints =
  /** On one line each, numbered: the value of the fact `compressed_context`. */
  { readonly type: 'points'; readonly points: string } | { readonly type: 'problem'; readonly message: string }

/** A model's answer, already parsed. */
export function readPoints(value: Json): ReadPoints {
  const points = isJsonObject(value) ? value['points'] : undefined
  const expected = `expected {"points": [...]} with ${LEAST_POINTS} or ${MOST_POINTS} texts that are not blank`
  if (!Array.isArray(points)) return { type: 'problem', message: `${expected}, found ${found(value)}` }
  const texts = points.filter((point: Json) => typeof point === 'string' && point.trim() !== '')
  if (texts.length !== points.length || texts.length < LEAST_POINTS || texts.length > MOST_POINTS)
    return { type: 'problem', message: `${expected}, found ${points.length} (${texts.length} of them texts)` }
  const lines = texts.map((text: string, index) => `${index + 1}. ${onOneLine(text.trim(), POINT_CHARACTERS)}`)
  return { type: 'points', points: lines.join('\n') }
}
