import type { StandardSchemaV1 } from '@standard-schema/spec'
import { previewOf } from '../core/index.ts'
import type { ErrorObject } from './ajv.ts'

/** What a model can mend at once; more would only be noise. */
const MAX_ISSUES = 10
const MAX_SHOWN = 80

/** `isUnknownField`: no value would do at this path. A plan is told so before its references have any. */
type Issue = StandardSchemaV1.Issue & { readonly isUnknownField?: true }

/** What ajv found, as issues: the path of the field, what was expected of it, and what was found. */
export function issuesOf(
  errors: readonly ErrorObject[],
  value: unknown,
  { isEvery = false }: { readonly isEvery?: boolean } = {},
): readonly Issue[] {
  return (isEvery ? errors : errors.slice(0, MAX_ISSUES)).map((error) => {
    const field = fieldOf(error)
    const path = pathOf(error.instancePath, value)
    const message = messageOf(error)
    if (field === undefined) return { message, path }
    const unknown = isUnknown(error) ? ({ isUnknownField: true } as const) : {}
    return { message, path: [...path, field], ...unknown }
  })
}

function isUnknown({ keyword }: ErrorObject): boolean {
  return keyword === 'additionalProperties' || keyword === 'unevaluatedProperties'
}

/** The field that is missing, or too much: ajv blames the object around it. */
function fieldOf({ keyword, params }: ErrorObject): string | undefined {
  if (keyword === 'required' || keyword === 'dependentRequired') return String(params['missingProperty'])
  if (keyword === 'additionalProperties') return String(params['additionalProperty'])
  if (keyword === 'unevaluatedProperties') return String(params['unevaluatedProperty'])
  return undefined
}

function messageOf({ keyword, params, message, data }: ErrorObject): string {
  switch (keyword) {
    case 'required':
    case 'dependentRequired':
      return 'is missing'
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return 'is not a known field'
    case 'type':
      return `must be ${[params['type']].flat().join(' or ')}, found ${typeOf(data)}`
    case 'enum':
      return `must be one of ${shown(params['allowedValues'])}, found ${shown(data)}`
    case 'const':
      return `must be ${shown(params['allowedValue'])}, found ${shown(data)}`
    default:
      return message ?? `breaks "${keyword}"`
  }
}

/** The keys of a JSON Pointer; numbers where they lead into a list. */
function pathOf(pointer: string, value: unknown): readonly PropertyKey[] {
  const path: PropertyKey[] = []
  let place = value
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~')
    path.push(Array.isArray(place) ? Number(key) : key)
    place = typeof place === 'object' && place !== null ? Reflect.get(place, key) : undefined
  }
  return path
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? typeOf(value)
  return text.length <= MAX_SHOWN ? text : `${previewOf(text, MAX_SHOWN)}…`
}
