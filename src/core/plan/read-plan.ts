/** Reads a plan from any value. Nothing is left out silently: what a plan cannot say is a problem. */
import { admit } from '../border-admit.ts'
import { forbiddenKeys } from '../border-rules.ts'
import { previewOf } from '../border-text.ts'
import type { Json } from '../json.ts'
import { ROOT_TASK } from '../state.ts'
import { didYouMean } from './near-names.ts'
import type { GivenTask, PlanProblem, PlanTask, ProposedPlan } from './plan.ts'
import { type Field, listOfTexts, objectOf, type Said, text, textOrNothing } from './plan-fields.ts'
import { ProblemList } from './problem-list.ts'
import { isJsonObject } from './same-json.ts'
import { taskFields } from './task-fields.ts'

/** How large a plan may be, as JSON text, and how deep: that of a value in the log. */
const MAX_PLAN_BYTES = 16 * 1_048_576
const MAX_PLAN_DEPTH = 64

export type ReadPlan =
  | { readonly type: 'read'; readonly plan: ProposedPlan }
  | { readonly type: 'problems'; readonly problems: readonly PlanProblem[] }

/**
 * The plan that a value is, `dependsOn` and `name` filled in where they are left out: what `planSchema` describes, no more and no less. Says
 * nothing of whether it can be carried out. Never throws.
 */
export function readPlan(value: unknown): ReadPlan {
  const problems = new ProblemList()
  const plan = parsePlan(value, problems)
  if (plan !== null && problems.isEmpty) return { type: 'read', plan }
  return { type: 'problems', problems: problems.all() }
}

/** Null: too much is missing to look at the rest. */
export function parsePlan(value: unknown, problems: ProblemList): ProposedPlan | null {
  const admitted = admit(value, { maxDepth: MAX_PLAN_DEPTH, maxBytes: MAX_PLAN_BYTES }, 'refuse')
  if (admitted.type === 'problem') {
    problems.add('malformed', [], () => `The plan cannot be read, at ${admitted.problem}. Write it as plain JSON.`)
    return null
  }
  const malformed = problemsOf(planFields, admitted.value, '$')
  for (const said of malformed) problems.add('malformed', [], () => `${said()}.`)
  const listed = isJsonObject(admitted.value) ? admitted.value['tasks'] : null
  const items: readonly Json[] = isList(listed) ? listed : []
  const tasks = items.map((item, index) => parseTask(item, `$.tasks[${index}]`, problems))
  if (malformed.length === 0 && tasks.length === 0)
    problems.add('empty_plan', [], () => 'The plan has no tasks. Give it at least one, or work without a plan.')
  const sound = tasks.filter((task) => task !== null)
  if (malformed.length > 0 || sound.length < tasks.length) return null
  // Every field was read a moment ago by the field's own rule.
  return { ...(admitted.value as ProposedPlan), tasks: sound }
}

const planFields: Readonly<Record<keyof ProposedPlan, Field>> = {
  goal: { isRequired: true, problem: text },
  notes: { problem: textOrNothing },
  criticalPath: { problem: listOfTexts },
  tasks: { isRequired: true, problem: (value) => (Array.isArray(value) ? null : 'a list of tasks') },
}

function parseTask(value: Json, path: string, problems: ProblemList): PlanTask | null {
  const id = isJsonObject(value) && typeof value['id'] === 'string' ? value['id'] : undefined
  const about = id === undefined ? [] : [id]
  const malformed = problemsOf(taskFields, value, path)
  for (const said of malformed) problems.add('malformed', about, () => `${said()}.`)
  if (malformed.length > 0) return null
  // Every field was read a moment ago by the field's own rule.
  const given = value as GivenTask
  const task: PlanTask = { name: given.id, dependsOn: [], ...given }
  if (!/^[\w.-]{1,64}$/.test(task.id) || isTaken(task.id)) problems.add('invalid_id', about, () => badId(task, path))
  if (task.accept !== undefined && 'schema' in task.accept && !isJsonObject(task.accept.schema))
    problems.add('invalid_schema', about, () => badSchema(task))
  return task
}

/** By the language, by the session's own task, or by tasks that are delegated (`d-c7`). */
function isTaken(id: string): boolean {
  return forbiddenKeys.has(id) || id === ROOT_TASK || /^d-c\d+$/.test(id)
}

function badId({ id }: PlanTask, path: string): string {
  const form = 'letters, digits, "_", "-" and ".", at most 64'
  if (isTaken(id)) return `The id ${JSON.stringify(id)} at ${path} is not allowed. Choose another.`
  return `The id ${JSON.stringify(previewOf(id, 80))} at ${path} is no id. Write it in ${form}.`
}

function badSchema({ id }: PlanTask): string {
  return `The \`accept.schema\` of ${JSON.stringify(id)} is no JSON Schema. Write an object, as {"type":"object"}.`
}

/** What is wrong with an object, by its fields, each with its path. */
function problemsOf(fields: Readonly<Record<string, Field>>, value: Json, path: string): readonly Said[] {
  return objectOf(fields, (key) => didYouMean(key, Object.keys(fields)))(value, path)
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}
