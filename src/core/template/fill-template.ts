/** A template and values make a plan. */
import type { Json, JsonObject } from '../json.ts'
import { didYouMean } from '../plan/near-names.ts'
import type { PlanProblem, ProposedPlan, Reference } from '../plan/plan.ts'
import { readPlan } from '../plan/read-plan.ts'
import { isReference } from '../plan/references.ts'
import { isJsonObject } from '../plan/same-json.ts'
import { fillText } from './placeholder.ts'
import { readTemplate } from './read-template.ts'
import { ELEMENT, type FieldValue, type Template, templateLimits } from './template.ts'
import { readFieldValue } from './template-field.ts'
import type { TemplateProblem } from './template-problem.ts'

export type FilledTemplate =
  | { readonly type: 'plan'; readonly plan: ProposedPlan }
  | { readonly type: 'problems'; readonly problems: readonly TemplateProblem[] }

/**
 * Fills a template in. Text for a field of another type is read as that type, as on a command line. All problems are said at once.
 * The plan is one in its form; whether it can be carried out, `validatePlan` says.
 */
export function fillTemplate(template: Template, values: { readonly [field: string]: Json }): FilledTemplate {
  // A definition that no one has looked at would leave its placeholders in the plan.
  const read = readTemplate(template)
  if (read.type === 'problems') return read
  const problems = problemsOfNames(template, values)
  const filled = new Map<string, FieldValue>()
  for (const [name, field] of Object.entries(read.template.fields)) {
    const given = Object.hasOwn(values, name) ? values[name] : undefined
    if (given === undefined && field.default !== undefined) filled.set(name, field.default)
    else if (given === undefined) problems.push(missingField(name, field.description))
    else {
      const value = readFieldValue(name, field, given)
      if (value.type === 'value') filled.set(name, value.value)
      else problems.push(value.problem)
    }
  }
  return problems.length > 0 ? { type: 'problems', problems } : planOf(read.template, filled)
}

type Filling = {
  readonly lookUp: (name: string) => FieldValue | undefined
  /** How many tasks each repeated one has become. */
  readonly copies: ReadonlyMap<string, number>
  readonly room: Room
}

/** What may still be put in. Under 0: the template is too large, and nothing more is. */
type Room = { characters: number; ids: number }

function planOf({ plan }: Template, values: ReadonlyMap<string, FieldValue>): FilledTemplate {
  const copies = new Map(
    plan.tasks.flatMap(({ id, forField }) => {
      const elements = forField === undefined ? undefined : values.get(String(forField))
      return Array.isArray(elements) ? [[String(id), elements.length] as const] : []
    }),
  )
  const room = { characters: templateLimits.maxFilledCharacters, ids: templateLimits.maxCopiedIds }
  const filling = { copies, room, lookUp: withinRoom(room, (name) => values.get(name)) }
  const { tasks, ...others } = plan
  const filled = {
    ...fillMembers(others, filling),
    tasks: tasks.flatMap(({ forField, ...task }) => {
      const elements = forField === undefined ? undefined : values.get(String(forField))
      if (typeof elements !== 'object') return [fillMembers(task, filling)]
      return elements.map((element, index) => {
        const lookUp = withinRoom(room, (name) => (name === ELEMENT ? element : values.get(name)))
        return { ...fillMembers(task, { ...filling, lookUp }), id: `${task['id']}-${index + 1}` }
      })
    }),
  }
  if (room.characters < 0 || room.ids < 0) return { type: 'problems', problems: [tooLarge(room)] }
  const read = readPlan(filled)
  return read.type === 'read'
    ? { type: 'plan', plan: read.plan }
    : { type: 'problems', problems: read.problems.map(invalidPlan) }
}

/** Stops filling in when too much would stand there, so that a long text in many places cannot fill the memory. */
function withinRoom(room: Room, lookUp: Filling['lookUp']): Filling['lookUp'] {
  return (name) => {
    const value = lookUp(name)
    if (value === undefined) return undefined
    const list = typeof value === 'object' ? value : [String(value)]
    room.characters -= list.reduce((sum, { length }) => sum + length, 0)
    return room.characters < 0 ? '' : value
  }
}

/** The members of a task or of the plan, in the order in which they stand. */
function fillMembers(members: JsonObject, filling: Filling): JsonObject {
  const filled: [string, Json][] = []
  for (const [key, value] of Object.entries(members)) {
    if (key === 'dependsOn') filled.push([key, copiesOf(value, filling)])
    // Copies run side by side, so that a way through the plan leads over one of them.
    else if (key === 'criticalPath') filled.push([key, copiesOf(value, filling, 1)])
    else filled.push([key, fill(value, filling)])
  }
  return Object.fromEntries(filled)
}

function fill(value: Json, filling: Filling): Json {
  if (typeof value === 'string') return fillText(value, filling.lookUp)
  if (isReference(value)) return fillReference(value, filling)
  if (Array.isArray(value)) return value.map((item) => fill(item, filling))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fill(member, filling)]))
}

/** What a value said is not looked at: only what stands in the template can be a reference. */
function fillReference(reference: Reference, filling: Filling): Json {
  const ids = idsOf(reference.$from, filling)
  return ids === null ? reference : ids.map((id) => ({ ...reference, $from: id }))
}

function copiesOf(ids: Json, filling: Filling, most: number = Number.POSITIVE_INFINITY): Json {
  if (!Array.isArray(ids)) return ids
  return ids.flatMap((id) => idsOf(String(id), filling, most) ?? [id])
}

/** Null: the task is not repeated. */
function idsOf(id: string, { copies, room }: Filling, most = Number.POSITIVE_INFINITY): readonly string[] | null {
  const count = copies.get(id)
  if (count === undefined) return null
  const length = Math.min(count, most)
  room.ids -= length
  return room.ids < 0 ? [] : Array.from({ length }, (_, index) => `${id}-${index + 1}`)
}

function problemsOfNames({ fields }: Template, values: { readonly [field: string]: Json }): TemplateProblem[] {
  const names = Object.keys(fields)
  return Object.keys(values)
    .filter((name) => !Object.hasOwn(fields, name))
    .map((name) => ({
      code: 'unknown_field',
      path: ['fields', name],
      expected: names.length === 0 ? 'no fields' : `one of ${names.join(', ')}`,
      found: JSON.stringify(name),
      mend: `Leave it out, or name another.${didYouMean(name, names)}`,
    }))
}

function missingField(name: string, description: string): TemplateProblem {
  const expected = `a value (${description})`
  return { code: 'missing_field', path: ['fields', name], expected, found: 'nothing', mend: 'Fill it in.' }
}

function tooLarge({ ids }: Room): TemplateProblem {
  const { maxFilledCharacters, maxCopiedIds } = templateLimits
  const most = ids < 0 ? `${maxCopiedIds} ids of repeated tasks` : `${maxFilledCharacters} characters filled in`
  const expected = `at most ${most}, over all places`
  return { code: 'too_large', path: ['plan'], expected, found: 'more', mend: 'Give shorter texts, or fewer elements.' }
}

function invalidPlan({ message }: PlanProblem): TemplateProblem {
  const found = message.replace(/\.$/, '')
  const mend = 'Mend the template, or give other values.'
  return { code: 'invalid_plan', path: ['plan'], expected: 'a plan once it is filled in', found, mend }
}
