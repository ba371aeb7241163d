/** The definition of one field of a template. */
import type { Json, JsonObject } from '../json.ts'
import { didYouMean } from '../plan/near-names.ts'
import { isJsonObject } from '../plan/same-json.ts'
import { type FieldType, fieldTypes, type TemplateField } from './template.ts'
import { checkFieldValue, rangeOf } from './template-field.ts'
import { malformedBy, strangeMember, type TemplateProblem } from './template-problem.ts'

type Path = TemplateProblem['path']

/** What is wrong with a field; a field without problems is a `TemplateField`. */
export function problemsOfField(field: Json, path: Path): readonly TemplateProblem[] {
  if (!isJsonObject(field)) return [malformedBy(path)('an object with type and description', field, 'Write one.')]
  const { type, description } = field
  if (!isFieldType(type)) {
    const mend = `Choose one.${didYouMean(String(type), fieldTypes)}`
    return [malformedBy([...path, 'type'])(`one of ${fieldTypes.join(', ')}`, type, mend)]
  }
  const known = membersOf(type)
  const problems = [
    ...Object.keys(field)
      .filter((key) => !known.includes(key))
      .map((key) => strangeMember([...path, key], known)),
    ...(typeof description === 'string' && description.trim() !== ''
      ? []
      : [malformedBy([...path, 'description'])('text', description, 'Say what to fill in.')]),
    ...problemsOfOptions(field, type, path),
    ...problemsOfRange(field, path),
  ]
  if (problems.length > 0) return problems
  // All that a field has, except its default, was looked at above.
  return problemsOfDefault(field as unknown as TemplateField, path)
}

function isFieldType(type: Json | undefined): type is FieldType {
  return fieldTypes.some((each) => each === type)
}

function membersOf(type: FieldType): readonly string[] {
  const all = ['type', 'description', 'default']
  return type === 'boolean' ? all : [...all, 'options', 'min', 'max']
}

function problemsOfOptions({ options }: JsonObject, type: FieldType, path: Path): readonly TemplateProblem[] {
  const isRight = (option: Json) => typeof option === (type === 'number' ? 'number' : 'string')
  if (options === undefined || type === 'boolean') return []
  if (Array.isArray(options) && options.length > 0 && options.every(isRight)) return []
  const expected = `a list of at least one ${type === 'number' ? 'number' : 'text'}`
  return [malformedBy([...path, 'options'])(expected, options, 'List what may be chosen, or remove it.')]
}

function problemsOfRange(field: JsonObject, path: Path): readonly TemplateProblem[] {
  const strange = ['min', 'max'].filter((key) => field[key] !== undefined && typeof field[key] !== 'number')
  if (strange.length > 0)
    return strange.map((key) => malformedBy([...path, key])('a number', field[key], 'Write one, or remove it.'))
  // Both are numbers where they are there.
  const { min, max } = rangeOf(field as unknown as TemplateField)
  if (min <= max) return []
  return [malformedBy([...path, 'max'])(`a number from ${min}`, max, 'Exchange min and max.')]
}

function problemsOfDefault(field: TemplateField, path: Path): readonly TemplateProblem[] {
  if (field.default === undefined) return []
  const read = checkFieldValue(field, field.default, [...path, 'default'])
  return read.type === 'problem' ? [read.problem] : []
}
