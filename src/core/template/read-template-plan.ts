/** The plan of a template: its placeholders, and the tasks that stand once for each element of a list. */
import type { Json, JsonObject } from '../json.ts'
import { didYouMean } from '../plan/near-names.ts'
import { isReference } from '../plan/references.ts'
import { isJsonObject } from '../plan/same-json.ts'
import { type PlacedText, placeholdersIn, textsOfPlan } from './placeholder.ts'
import { ELEMENT } from './template.ts'
import { malformedBy, type TemplateProblem } from './template-problem.ts'

/** What can be wrong before it is filled in. That a plan comes of it is checked then. */
export function problemsOfPlan(plan: Json | undefined, fields: JsonObject): readonly TemplateProblem[] {
  const malformed = malformedBy(['plan'])
  if (!isJsonObject(plan)) return [malformed('a plan: an object with goal and tasks', plan, 'Write one.')]
  const { goal, tasks } = plan
  const problems = [
    ...(typeof goal === 'string' ? [] : [malformedBy(['plan', 'goal'])('text', goal, 'Say what the plan is for.')]),
    ...problemsOfTasks(tasks),
  ]
  if (problems.length > 0 || !Array.isArray(tasks)) return problems
  return [...problemsOfRepeats(tasks, fields), ...problemsOfPlaceholders(plan, fields)]
}

function problemsOfTasks(tasks: Json | undefined): readonly TemplateProblem[] {
  const malformed = malformedBy(['plan', 'tasks'])
  if (!Array.isArray(tasks)) return [malformed('a list of tasks', tasks, 'Write one.')]
  return tasks.flatMap((task, index) => {
    if (isJsonObject(task) && typeof task['id'] === 'string') return []
    return [malformedBy(['plan', 'tasks', index])('an object with an id', task, 'Give the task an id.')]
  })
}

function problemsOfRepeats(tasks: readonly JsonObject[], fields: JsonObject): readonly TemplateProblem[] {
  const repeated = new Set(tasks.filter((task) => task['forField'] !== undefined).map(({ id }) => String(id)))
  return tasks.flatMap((task, index) => [
    ...problemsOfForField(task, index, fields),
    ...problemsOfPlace(task, index, repeated),
  ])
}

function problemsOfForField({ forField }: JsonObject, index: number, fields: JsonObject): readonly TemplateProblem[] {
  if (forField === undefined) return []
  const field = typeof forField === 'string' && Object.hasOwn(fields, forField) ? fields[forField] : undefined
  if (isJsonObject(field) && field['type'] === 'list') return []
  const lists = Object.entries(fields).flatMap(([name, each]) =>
    isJsonObject(each) && each['type'] === 'list' ? [name] : [],
  )
  const mend = `Name one of type list${lists.length === 0 ? '' : ` (${lists.join(', ')})`}.`
  return [repeatProblem(index, 'forField', { expected: 'a field of type list', found: JSON.stringify(forField), mend })]
}

/** Where the name of a repeated task cannot stand, and the ids that its copies will have. */
function problemsOfPlace(task: JsonObject, index: number, repeated: ReadonlySet<string>): readonly TemplateProblem[] {
  const { id, parent, forEach } = task
  const problems: TemplateProblem[] = []
  if (typeof parent === 'string' && repeated.has(parent)) {
    const mend = 'A task has one parent: repeat the child instead, or name another parent.'
    problems.push(
      repeatProblem(index, 'parent', { expected: 'a task that is not repeated', found: JSON.stringify(parent), mend }),
    )
  }
  if (forEach !== undefined && isReference(forEach) && repeated.has(forEach.$from)) {
    const mend = 'Its results are several lists: put a task between them that makes one of them.'
    const found = JSON.stringify(forEach.$from)
    problems.push(repeatProblem(index, 'forEach', { expected: 'a task that is not repeated', found, mend }))
  }
  const [, original = ''] = /^(.*)-\d+$/.exec(String(id)) ?? []
  if (repeated.has(original)) {
    const mend = `${original} becomes ${original}-1, ${original}-2, …: rename this one.`
    problems.push(repeatProblem(index, 'id', { expected: 'an id of its own', found: JSON.stringify(id), mend }))
  }
  return problems
}

function problemsOfPlaceholders(plan: JsonObject, fields: JsonObject): readonly TemplateProblem[] {
  const problems: TemplateProblem[] = []
  const used = new Set<string>()
  const elements = new Set<number>()
  for (const placed of textsOfPlan(plan)) {
    const taskIndex = Number(placed.path[2])
    for (const name of placeholdersIn(placed.text)) {
      if (placed.isShape) problems.push(misplaced(placed, name))
      else if (name === ELEMENT && isRepeated(plan, taskIndex)) elements.add(taskIndex)
      else if (Object.hasOwn(fields, name)) used.add(name)
      else problems.push(unknownPlaceholder(placed, name, Object.keys(fields)))
    }
  }
  for (const [index, { forField }] of tasksOf(plan).entries()) {
    if (forField === undefined) continue
    used.add(String(forField))
    if (!elements.has(index)) problems.push(unusedElement(index))
  }
  return [...problems, ...Object.keys(fields).flatMap((name) => (used.has(name) ? [] : [unusedField(name)]))]
}

function tasksOf({ tasks }: JsonObject): readonly JsonObject[] {
  return Array.isArray(tasks) ? tasks.filter(isJsonObject) : []
}

function isRepeated(plan: JsonObject, taskIndex: number): boolean {
  return tasksOf(plan)[taskIndex]?.['forField'] !== undefined
}

function repeatProblem(
  index: number,
  member: string,
  what: Pick<TemplateProblem, 'expected' | 'found' | 'mend'>,
): TemplateProblem {
  return { code: 'invalid_repeat', path: ['plan', 'tasks', index, member], ...what }
}

function misplaced({ path }: PlacedText, name: string): TemplateProblem {
  const expected = 'a placeholder only in a value: ids, keys, dependencies and references are the template’s own'
  const mend = 'Write here what shall stand here, or use "forField".'
  return { code: 'misplaced_placeholder', path, expected, found: `{{${name}}}`, mend }
}

function unknownPlaceholder({ path }: PlacedText, name: string, fields: readonly string[]): TemplateProblem {
  const isElement = name === ELEMENT
  const expected = isElement ? 'it only in a task with "forField"' : 'the name of a field'
  const mend = isElement ? 'Add "forField" to the task.' : `Add the field, or name another.${didYouMean(name, fields)}`
  return { code: 'unknown_placeholder', path, expected, found: `{{${name}}}`, mend }
}

function unusedElement(index: number): TemplateProblem {
  const expected = `{{${ELEMENT}}} in it: else all its copies are the same`
  return repeatProblem(index, 'forField', { expected, found: 'none', mend: `Say where {{${ELEMENT}}} stands.` })
}

function unusedField(name: string): TemplateProblem {
  const found = 'none'
  const mend = 'Use it, or remove the field: nobody should be asked for nothing.'
  return { code: 'unused_field', path: ['fields', name], expected: `{{${name}}} in the plan`, found, mend }
}
