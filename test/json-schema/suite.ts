/** The JSON-Schema-Test-Suite through `jsonSchema` of `pawl/tools`, and where it is known to answer otherwise. */
import type { JsonObject } from '../../src/core/index.ts'
import { type Draft, InvalidJsonSchemaError, type JsonSchema, jsonSchema } from '../../src/tools/index.ts'
import { dataFolder, readJsonFile } from '../worlds/data-files.ts'

/** What makes a validator of a schema: `jsonSchema`, where no bug is planted. */
export type Make = (schema: JsonObject, options: { readonly draft: Draft }) => JsonSchema<unknown>

type Group = {
  readonly description: string
  readonly schema: JsonObject | boolean
  readonly tests: readonly { readonly description: string; readonly data: unknown; readonly valid: boolean }[]
}
type Suite = { readonly [file: string]: readonly Group[] }

const files = { '2020-12': 'json-schema-draft2020-12.json.gz', '7': 'json-schema-draft7.json.gz' } as const

/** Where ajv 8.20 is known to differ. Keys of prototypes never reach a schema: the border refuses them. */
export const differs: Readonly<Record<Draft, readonly string[]>> = {
  '2020-12': [
    'properties: properties whose names are Javascript object property names',
    'unevaluatedItems: unevaluatedItems with nested items',
    'unevaluatedItems: unevaluatedItems depends on adjacent contains',
    'unevaluatedItems: unevaluatedItems depends on multiple nested contains',
    'unevaluatedItems: unevaluatedItems and contains interact to control item dependency relationship',
    'unevaluatedItems: unevaluatedItems with minContains = 0',
    'unevaluatedItems: unevaluatedItems can see annotations from if without then and else',
    'unevaluatedProperties: unevaluatedProperties with if/then/else, then not defined',
    'unevaluatedProperties: unevaluatedProperties can see annotations from if without then and else',
  ],
  '7': [
    'properties: properties whose names are Javascript object property names',
    'ref: ref overrides any sibling keywords',
    'ref: $ref prevents a sibling $id from changing the base uri',
  ],
}

/** Refused where the schema is made, besides what refers to the outside or to a dynamic anchor. */
export const refusedBesidesReferences: Readonly<Record<Draft, readonly string[]>> = {
  '2020-12': [
    'enum: empty enum',
    'ref: refs with relative uris and defs',
    'ref: relative refs with absolute uris and defs',
    'ref: URN ref with nested pointer ref',
  ],
  '7': [],
}

/** Whether a group is refused for a reference that reaches out of the schema, or moves with the path taken through it. */
export function isReference(name: string): boolean {
  return /^(refRemote|vocabulary|dynamicRef): |dynamicRef/.test(name)
}

/** A group whose schema was refused: its tests, and what the refusal said. */
export type Refusal = { readonly tests: number; readonly why: string }

/** `total`: the required tests, those of schemas that are refused, or are only true or false, included. */
export type Ran = {
  total: number
  passed: number
  readonly wrong: Map<string, number>
  readonly refused: Map<string, Refusal>
  /** Groups whose schema is `true` or `false` alone: a tool's input is described by an object. */
  readonly bare: Map<string, number>
}

/** Null where the suites are not there. */
export function runSuite(draft: Draft, make: Make = jsonSchema): Ran | null {
  const folder = dataFolder('json-suites')
  if (folder === undefined) return null
  // The shape is that of the suite's own description.
  const suite = readJsonFile(folder, files[draft]) as unknown as Suite
  const ran: Ran = { total: 0, passed: 0, wrong: new Map(), refused: new Map(), bare: new Map() }
  for (const [file, groups] of Object.entries(suite)) {
    // What is optional is mostly formats, which are annotations here.
    if (file.startsWith('optional/')) continue
    for (const group of groups)
      runGroup(ran, { name: `${file}: ${group.description}`, group, make: (schema) => make(schema, { draft }) })
  }
  return ran
}

type Running = {
  readonly name: string
  readonly group: Group
  readonly make: (schema: JsonObject) => JsonSchema<unknown>
}

function runGroup(ran: Ran, { name, group, make }: Running): void {
  const { schema, tests } = group
  ran.total += tests.length
  if (typeof schema === 'boolean') return add(ran.bare, name, tests.length)
  const made = makeOrWhy(() => make(schema))
  if (typeof made === 'string') {
    ran.refused.set(name, { tests: (ran.refused.get(name)?.tests ?? 0) + tests.length, why: made })
    return
  }
  for (const { data, valid } of tests) {
    const isValid = !('issues' in made['~standard'].validate(data))
    if (isValid === valid) ran.passed += 1
    else add(ran.wrong, name, 1)
  }
}

/** The refusal's words, where it is refused. */
function makeOrWhy(make: () => JsonSchema<unknown>): JsonSchema<unknown> | string {
  try {
    return make()
  } catch (error) {
    if (error instanceof InvalidJsonSchemaError) return error.message
    throw error
  }
}

function add(counts: Map<string, number>, name: string, by: number): void {
  counts.set(name, (counts.get(name) ?? 0) + by)
}
