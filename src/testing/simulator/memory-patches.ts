/** What processors of a simulated world make of results: facts under few keys, questions, plans; and what is no patch. */
import type { Json } from '../../core/index.ts'
import type { Chance } from './chance.ts'
import { asJson, drawPlan } from './draw-plan.ts'
import type { MemoryShape } from './memory-shape.ts'

const keys = ['total', 'who', 'when', 'how_much', 'open', 'case', 'limit', 'next'] as const
const kinds = ['fact', 'fact', 'fact', 'fact', 'decision', 'constraint'] as const
const confidences = [1, 1, 0.8, 0.4] as const

export type PatchDrawing = {
  readonly memory: MemoryShape
  /** Of open questions. */
  readonly questionIds: readonly string[]
  /** Of the session, and the tools that a plan may name; null: it has no plan. */
  readonly plan: { readonly tag: string; readonly tools: readonly string[]; readonly prefix: string } | null
}

export function drawPatch(chance: Chance, { memory, questionIds, plan }: PatchDrawing): Json {
  if (chance.happens(memory.flawed)) return chance.among<Json>(flawed) ?? null
  const count = chance.below(4)
  const first = chance.below(keys.length)
  const facts = Array.from({ length: count }, (_, index) => drawFact(chance, keys[(first + index) % keys.length] ?? ''))
  const replaces = plan !== null && chance.happens(memory.replaces)
  return asJson({
    append_known_facts: facts,
    ...(chance.happens(0.2) && { open_questions: [`what of ${1 + chance.below(40)}?`] }),
    ...(chance.happens(0.3) && {
      answer_questions: [{ questionId: chance.among(questionIds) ?? 'q99', answer: 'it is so' }],
    }),
    ...(replaces && { replace_plan: drawPlan(chance, { goal: `${plan.tag}as patched`, ...plan, most: 4 }) }),
  })
}

const flawed = [
  { append_known_facts: [{ key: 'no key', value: 1 }] },
  { append_known_facts: 'nothing' },
  { remember: true },
  'a text',
  { replace_plan: { goal: '', tasks: [] } },
] as const satisfies readonly Json[]

function drawFact(chance: Chance, key: string): Json {
  const kind = chance.pick(kinds)
  return {
    key,
    value: chance.happens(0.5) ? chance.below(1_000) : { text: `it is ${chance.below(1_000)}`, of: key },
    ...(kind !== 'fact' && { kind }),
    ...(chance.happens(0.4) && { priority: chance.below(101) }),
    ...(chance.happens(0.5) && { confidence: chance.pick(confidences) }),
  }
}
