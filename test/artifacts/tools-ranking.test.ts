import type { Json, JsonObject } from 'pawl/core'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { ToolSpec } from '../../src/ports/index.ts'
import { searchToolsOf } from '../../src/runtime/search-tools.ts'
import { dataFolder, readJsonFile } from '../worlds/data-files.ts'

const limits = { maxToolsShown: 20, maxInlineBytes: 16_384 }
const found = z.object({ tools: z.array(z.object({ name: z.string() })) })

/** How many tools a search finds first, and among the first three, by a query made of each tool's own description. */
async function ranked(specs: readonly ToolSpec[], queryOf: (description: string) => string) {
  const { run } = searchToolsOf(() => specs, limits)
  let [first, inThree] = [0, 0]
  for (const { name, description } of specs) {
    // It reads nothing of its context but the call.
    const answer = await run({ query: queryOf(description) } as never, { callId: 'c1' } as never)
    const at = found.parse(answer).tools.findIndex((each) => each.name === name)
    if (at === 0) first += 1
    if (at >= 0 && at < 3) inThree += 1
  }
  return { tools: specs.length, first, inThree }
}

const whole = (description: string) => description.slice(0, 2_000)
/** As a model would ask: some words of its first sentence, without the small ones. */
const words = (description: string) =>
  (description.split('.')[0]?.match(/[A-Za-z]{4,}/g) ?? []).slice(0, 6).join(' ').toLowerCase() ||
  description.slice(0, 100)

const retail = dataFolder('tau-bench-retail')
const plans = dataFolder('plans')

describe.skipIf(retail === undefined || plans === undefined)('real tools are found by their own descriptions', () => {
  test('the 16 of tau-bench retail', async () => {
    // The file is fixed.
    const specs = (readJsonFile(retail ?? '', 'retail.tools.json') as readonly JsonObject[]).map(specOf)
    expect(await ranked(specs, whole)).toEqual({ tools: 16, first: 16, inThree: 16 })
    expect((await ranked(specs, words)).inThree).toBe(16)
  })

  test.each(['executable', 'non-executable-glaive', 'non-executable-sgd'])('those of nestful: %s', async (kind) => {
    const all = readJsonFile(plans ?? '', 'nestful.tools.json.gz') as { readonly [kind: string]: readonly JsonObject[] }
    const specs = new Map((all[kind] ?? []).map((each) => [String(each['name']), specOf(each)]))
    for (const asked of [whole, words]) {
      const { tools, first, inThree } = await ranked([...specs.values()], asked)
      expect(tools).toBeGreaterThanOrEqual(30)
      expect(inThree).toBe(tools)
      expect(first / tools).toBeGreaterThan(0.9)
    }
  })
})

function specOf({ name, description, parameters = {}, ...rest }: JsonObject): ToolSpec {
  const queried = rest['query_parameters'] ?? rest['arguments']
  const inputSchema =
    isObject(parameters) && 'properties' in parameters ? parameters : { properties: queried ?? parameters }
  // An object of the file.
  return { name: String(name), description: String(description ?? ''), inputSchema: inputSchema as JsonObject }
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
