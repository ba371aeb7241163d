import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../core/index.ts'
import { type Draft, InvalidJsonSchemaError, jsonSchema } from './index.ts'

const folder = `${process.env['PAWL_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url))}/json-suites`

type Group = {
  readonly description: string
  readonly schema: JsonObject | boolean
  readonly tests: readonly { readonly description: string; readonly data: unknown; readonly valid: boolean }[]
}
type Suite = { readonly [file: string]: readonly Group[] }

/** Where ajv 8.20 is known to differ. Keys of prototypes never reach a schema: the border refuses them. */
const differs: Readonly<Record<Draft, readonly string[]>> = {
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

/** Refused where the schema is made, which is right for a reference to the outside and honest for the rest. */
const refusedBesidesRemotes = [
  'enum: empty enum',
  'ref: refs with relative uris and defs',
  'ref: relative refs with absolute uris and defs',
  'ref: URN ref with nested pointer ref',
]

describe.skipIf(!existsSync(folder))('real input: JSON-Schema-Test-Suite', () => {
  test.each([
    ['2020-12', 'json-schema-draft2020-12.json.gz', 1_100],
    ['7', 'json-schema-draft7.json.gz', 870],
  ] as const)('real input: JSON-Schema-Test-Suite: draft %s is validated as the suite says', (draft, file, atLeast) => {
    const suite: Suite = JSON.parse(gunzipSync(readFileSync(`${folder}/${file}`)).toString())
    const { right, wrong, refused } = run(suite, draft)
    expect([...wrong]).toEqual(differs[draft])
    expect(refused.filter((name) => !/^(refRemote|vocabulary|dynamicRef): |dynamicRef/.test(name))).toEqual(
      draft === '7' ? [] : refusedBesidesRemotes,
    )
    expect(right).toBeGreaterThan(atLeast)
  })
})

type Ran = { right: number; readonly wrong: Set<string>; readonly refused: string[] }

/** The required files only; what is optional is mostly formats, which are annotations here. */
function run(suite: Suite, draft: Draft): Ran {
  const ran: Ran = { right: 0, wrong: new Set(), refused: [] }
  for (const [file, groups] of Object.entries(suite)) {
    if (file.startsWith('optional/')) continue
    for (const group of groups) runGroup(ran, `${file}: ${group.description}`, { group, draft })
  }
  return ran
}

function runGroup(ran: Ran, name: string, { group, draft }: { readonly group: Group; readonly draft: Draft }): void {
  const { schema, tests } = group
  if (typeof schema === 'boolean') return
  try {
    const made = jsonSchema(schema, { draft })
    for (const each of tests) {
      const isValid = !('issues' in made['~standard'].validate(each.data))
      if (isValid === each.valid) ran.right += 1
      else ran.wrong.add(name)
    }
  } catch (error) {
    if (!(error instanceof InvalidJsonSchemaError)) throw error
    ran.refused.push(name)
  }
}
