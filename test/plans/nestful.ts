/** Real plans of IBM's NESTFUL as plans of ours, and their tools: what they declare of their inputs, as JSON Schema. */
import type { Json, JsonObject, PlanTask, PlanTool, ProposedPlan } from 'pawl/core'
import { jsonSchema } from 'pawl/tools'
import { dataFolder, readJsonFile } from '../worlds/data-files.ts'

export type NestfulPlan = {
  readonly id: string
  readonly request: string
  readonly steps: readonly {
    readonly id: string
    readonly tool: string
    readonly input: JsonObject
    readonly dependsOn: readonly string[]
  }[]
  readonly levels: number | null
  readonly width: number | null
  readonly issues: readonly string[]
}

type Parameter = {
  readonly type?: string
  readonly required?: boolean
  readonly items?: Parameter
  readonly properties?: { readonly [name: string]: Parameter }
}
type Specification = { readonly name: string; readonly description: string; readonly [field: string]: unknown }

/** Null: the data is not there. */
export function nestful(): {
  readonly plans: readonly NestfulPlan[]
  readonly files: ReadonlyMap<string, readonly Specification[]>
} | null {
  const folder = dataFolder('plans')
  if (folder === undefined) return null
  // The README beside the data says what is in them.
  const plans = readJsonFile(folder, 'nestful.plans.json.gz') as unknown as readonly NestfulPlan[]
  const files = readJsonFile(folder, 'nestful.tools.json.gz') as unknown as {
    readonly [file: string]: readonly Specification[]
  }
  return { plans, files: new Map(Object.entries(files)) }
}

/** The specification file of a plan stands in its id. */
export function fileOf({ id }: NestfulPlan): string {
  return id.replace(/^nestful-/, '').replace(/-\d+$/, '')
}

/**
 * How far the types of a specification are taken. `containers`: a list is a list and an object is one; every scalar may stand for
 * another, as in the query of a URL. `all`: every type, down to the elements.
 */
export type Reading = 'containers' | 'all'

/** Later specifications of a name that stands twice are the same in all that counts; `duplicatesOf` says so. */
export function toolsOf(specifications: readonly Specification[], reading: Reading): ReadonlyMap<string, PlanTool> {
  return new Map(specifications.map((specification) => [specification.name, toolOf(specification, reading)]))
}

export function parametersOf(specification: Specification): { readonly [name: string]: Parameter } {
  const groups = ['query_parameters', 'path_parameters', 'parameters', 'arguments'].map((key) => specification[key])
  return Object.assign({}, ...groups)
}

function toolOf(specification: Specification, reading: Reading): PlanTool {
  const parameters = Object.entries(parametersOf(specification))
  const schema = jsonSchema({
    type: 'object',
    properties: Object.fromEntries(parameters.map(([name, parameter]) => [name, schemaOf(parameter, reading)])),
    required: parameters.flatMap(([name, { required }]) => (required === true ? [name] : [])),
    additionalProperties: false,
  })
  return {
    effect: 'read',
    checkInput(input) {
      const result = schema['~standard'].validate(input)
      if (result instanceof Promise || result.issues === undefined) return []
      return result.issues.map((issue) => ({
        message: issue.message,
        path: (issue.path ?? []).map((key) => (typeof key === 'number' ? key : String(key))),
        ...(Reflect.get(issue, 'isUnknownField') === true ? { isUnknownField: true as const } : {}),
      }))
    },
  }
}

/** Types are written in many ways: `String`, `Date (yyyy-mm-dd)`, `Enum`, or not at all. */
function schemaOf({ type = '', items, properties }: Parameter, reading: Reading): JsonObject {
  const known = type.toLowerCase()
  if (reading === 'containers') return known === 'array' || known === 'object' ? { type: known } : {}
  if (known === 'array') return { type: 'array', ...(items === undefined ? {} : { items: schemaOf(items, reading) }) }
  if (known === 'object') {
    const parts = Object.entries(properties ?? {}).map(([name, part]) => [name, schemaOf(part, reading)])
    return { type: 'object', properties: Object.fromEntries(parts) }
  }
  if (known === 'number' || known === 'integer' || known === 'boolean') return { type: known }
  return known === '' ? {} : { type: 'string' }
}

export type Converted = {
  readonly plan: ProposedPlan
  /** Texts with something in `$…$` that is no reference as a whole. */
  readonly inexpressible: readonly string[]
}

export function convert({ request, steps }: NestfulPlan): Converted {
  const inexpressible: string[] = []
  const tasks = steps.map(({ id, tool, input, dependsOn }): PlanTask => {
    return { id, name: tool, tool, input: withReferences(input, inexpressible), dependsOn }
  })
  return { plan: { goal: request, tasks }, inexpressible }
}

function withReferences(value: Json, inexpressible: string[]): Json {
  if (typeof value === 'string') return referenceOf(value, inexpressible)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item: Json) => withReferences(item, inexpressible))
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withReferences(part, inexpressible)]))
}

/** `$var1$`, `$var1.skyId$`, `$var1.books[0].title$`. */
function referenceOf(text: string, inexpressible: string[]): Json {
  const whole = /^\$(\w+)((?:\.[^$.[]+|\[\d+\])*)\$$/.exec(text)
  if (whole === null) {
    if (text.includes('$')) inexpressible.push(text)
    return text
  }
  const [, id = '', rest = ''] = whole
  const keys = [...rest.matchAll(/\.([^.[]+)|\[(\d+)\]/g)].map(([, key, index]) => key ?? index ?? '')
  const path = keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
  return path === '' ? { $from: id } : { $from: id, path }
}
