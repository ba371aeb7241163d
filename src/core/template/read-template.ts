/** A template from outside, looked at before anything is filled in. */
import { admit } from '../border-admit.ts'
import type { Json, JsonObject } from '../json.ts'
import { isJsonObject } from '../plan/same-json.ts'
import { problemsOfField } from './read-field.ts'
import { problemsOfPlan } from './read-template-plan.ts'
import { ELEMENT, type Template, templateLimits } from './template.ts'
import { malformedBy, strangeMember, type TemplateProblem } from './template-problem.ts'

export type ReadTemplate =
  | { readonly type: 'template'; readonly template: Template }
  | { readonly type: 'problems'; readonly problems: readonly TemplateProblem[] }

/** Everything that can be wrong before values are known. Never throws. What is at most `templateLimits.maxBytes` of JSON passes. */
export function readTemplate(value: unknown): ReadTemplate {
  const admitted = admit(value, templateLimits, 'refuse')
  if (admitted.type === 'problem') return { type: 'problems', problems: [notJson(admitted.problem)] }
  const problems = problemsOf(admitted.value)
  if (problems.length > 0) return { type: 'problems', problems }
  // Every member has been looked at.
  const { name, description, fields, plan } = admitted.value as unknown as Template
  return { type: 'template', template: { name, description, fields, plan } }
}

const members: readonly string[] = ['$schema', 'name', 'description', 'fields', 'plan']

function problemsOf(value: Json): readonly TemplateProblem[] {
  const malformed = malformedBy([])
  if (!isJsonObject(value))
    return [malformed('an object with name, description, fields and plan', value, 'Write one: { "name": … }.')]
  return [
    ...Object.keys(value)
      .filter((key) => !members.includes(key))
      .map((key) => strangeMember([key], members)),
    ...problemsOfText(value),
    ...problemsOfFields(value['fields']),
    ...problemsOfPlan(value['plan'], isJsonObject(value['fields']) ? value['fields'] : {}),
  ]
}

function problemsOfText({ name, description }: JsonObject): readonly TemplateProblem[] {
  const isNamed = typeof name === 'string' && /^[a-z][a-z0-9-]{0,63}$/.test(name)
  return [
    ...(isNamed
      ? []
      : [malformedBy(['name'])('1 to 64 lower-case letters, digits and "-"', name, 'Name it as its file is named.')]),
    ...(typeof description === 'string' && description.trim() !== ''
      ? []
      : [malformedBy(['description'])('text', description, 'Say in a sentence what the plan is for.')]),
  ]
}

function problemsOfFields(fields: Json | undefined): readonly TemplateProblem[] {
  const malformed = malformedBy(['fields'])
  if (!isJsonObject(fields)) return [malformed('an object of fields', fields, 'Write {} where nothing is filled in.')]
  const names = Object.keys(fields)
  if (names.length > templateLimits.maxFields) {
    const expected = `at most ${templateLimits.maxFields} fields`
    return [malformed(expected, names.length, 'Take fields together, or make two templates of it.')]
  }
  return Object.entries(fields).flatMap(([name, field]) => [
    ...problemsOfName(name),
    ...problemsOfField(field, ['fields', name]),
  ])
}

function problemsOfName(name: string): readonly TemplateProblem[] {
  const malformed = malformedBy(['fields', name])
  if (name === ELEMENT)
    return [malformed('another name', name, `{{${ELEMENT}}} is the element of a task with "forField".`)]
  if (/^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/.test(name)) return []
  return [malformed('1 to 64 letters, digits, "_" and "-", beginning with a letter', name, 'Rename the field.')]
}

function notJson(problem: string): TemplateProblem {
  const expected = `JSON of at most ${templateLimits.maxBytes} bytes`
  return { code: 'malformed', path: [], expected, found: problem, mend: 'Mend it there.' }
}
