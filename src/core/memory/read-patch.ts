/** Reads a patch from any JSON value. Nothing is left out silently: what a patch cannot say is a problem. */
import type { Json, JsonObject } from '../json.ts'
import { didYouMean } from '../plan/near-names.ts'
import type { PlanProblem } from '../plan/plan.ts'
import { found, objectOf, type Said } from '../plan/plan-fields.ts'
import { onOneLine } from '../plan/plan-text.ts'
import { problemsSaid } from '../plan/problems-text.ts'
import { readPlan } from '../plan/read-plan.ts'
import { isJsonObject } from '../plan/same-json.ts'
import { withoutNulls } from '../plan/without-nulls.ts'
import type { FactLimits } from './memory-terms.ts'
import {
  answerFields,
  factFields,
  type PatchField,
  type PatchFields,
  patchFields,
  questionRule,
} from './patch-schema.ts'
import type { StatePatch } from './state-patch.ts'

export type ReadPatch =
  | { readonly type: 'patch'; readonly patch: StatePatch }
  /** What was expected and what was found, a sentence for each of the first problems. */
  | { readonly type: 'problem'; readonly message: string }

type Limits = Pick<FactLimits, 'maxFactCharacters'>

/** Problems that are told; the rest is counted. */
const TOLD_PROBLEMS = 10
/** Characters of what is wrong with its plan. */
const PLAN_CHARACTERS = 2_000

/**
 * The patch that a value is: what `patchSchema` describes, and no key twice. Null in a field that may be left out is none, in the
 * patch, its facts and its plan: models that fill in forms write it. Says nothing of whether its plan can be carried out.
 */
export function readPatch(value: Json, limits: Limits): ReadPatch {
  const fields = patchFields(limits)
  const given = withoutNullFields(value, fields)
  const malformed = objectProblems(given, fields, '$')
  if (malformed.length > 0 || !isJsonObject(given)) return problemOf(malformed)
  const { replace_plan, ...lists } = given
  const plan = replace_plan === undefined ? null : readPlan(withoutNulls(replace_plan))
  const ofFact = factFields(limits)
  const facts = itemsOf(lists['append_known_facts']).map((fact) => withoutNullFields(fact, ofFact))
  const problems = [
    ...facts.flatMap((fact, index) => objectProblems(fact, ofFact, `$.append_known_facts[${index}]`)),
    ...doubleKeys(facts),
    ...textProblems(itemsOf(lists['open_questions']), questionRule(limits), '$.open_questions'),
    ...itemProblems(itemsOf(lists['answer_questions']), answerFields(limits), '$.answer_questions'),
    ...(plan?.type === 'problems' ? [() => planProblem(plan.problems)] : []),
  ]
  if (problems.length > 0) return problemOf(problems)
  const read: JsonObject = lists['append_known_facts'] === undefined ? lists : { ...lists, append_known_facts: facts }
  // Every field was read a moment ago by the field's own rule.
  const patch = read as StatePatch
  return { type: 'patch', patch: plan?.type === 'read' ? { ...patch, replace_plan: plan.plan } : patch }
}

function withoutNullFields(value: Json, fields: PatchFields): Json {
  if (!isJsonObject(value)) return value
  const isLeftOut = (key: string) => Object.hasOwn(fields, key) && fields[key]?.isRequired !== true
  return Object.fromEntries(Object.entries(value).filter(([key, part]) => part !== null || !isLeftOut(key)))
}

function objectProblems(value: Json, fields: PatchFields, path: string): readonly Said[] {
  return objectOf(fields, (key) => didYouMean(key, Object.keys(fields)))(value, path)
}

function itemProblems(items: readonly Json[], fields: PatchFields, path: string): readonly Said[] {
  return items.flatMap((item, index) => objectProblems(item, fields, `${path}[${index}]`))
}

function textProblems(texts: readonly Json[], rule: PatchField, path: string): readonly Said[] {
  return texts.flatMap((text, index): Said | [] => {
    const expected = rule.problem(text)
    return expected === null ? [] : () => `${path}[${index}]: expected ${expected}, found ${found(text)}`
  })
}

function itemsOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : []
}

function doubleKeys(facts: readonly Json[]): readonly Said[] {
  const seen = new Set<Json>()
  return facts.flatMap((fact, index): Said | [] => {
    const key = isJsonObject(fact) ? fact['key'] : undefined
    if (typeof key !== 'string') return []
    if (seen.has(key)) return () => `$.append_known_facts[${index}].key: ${found(key)} stands twice: give each key once`
    seen.add(key)
    return []
  })
}

function planProblem(problems: readonly PlanProblem[]): string {
  const said = onOneLine(problemsSaid(problems), PLAN_CHARACTERS)
  return `$.replace_plan: ${said.endsWith('.') ? said.slice(0, -1) : said}`
}

function problemOf(problems: readonly Said[]): ReadPatch {
  const told = problems.slice(0, TOLD_PROBLEMS).map((said) => `${said()}.`)
  const more = problems.length - told.length
  return { type: 'problem', message: [...told, ...(more > 0 ? [`And ${more} more.`] : [])].join(' ') }
}
