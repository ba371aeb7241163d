import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyContent, anyText } from '../core/artifact/any-content.fixture.ts'
import { artifactId } from '../core/artifact/artifact.ts'
import type { Json, JsonObject } from '../core/index.ts'
import type { ArtifactEntry, ReadsArtifacts } from '../ports/artifact.ts'
import { describeSchema, ToolError } from '../ports/index.ts'
import { erasedArtifact } from './artifact-errors.ts'
import { artifactToolNames, artifactTools } from './artifact-tools.ts'
import { sha256 } from './hash.ts'

const limits = { maxInlineBytes: 16_384, maxSearchMatches: 10 }

/** What a session holds; null: its content was erased. */
function session(contents: readonly (Json | null)[]): ReadsArtifacts & { readonly entries: readonly ArtifactEntry[] } {
  const kept = contents.map((content, index) => {
    const hash = sha256(`${index}`)
    const bytes = Buffer.byteLength(JSON.stringify(content))
    return { entry: { id: artifactId({ hash }), tool: 'fetch', callId: `c${index}`, bytes }, hash, content }
  })
  return {
    entries: kept.map(({ entry }) => entry),
    artifacts: async () => kept.map(({ entry }) => entry),
    artifact: async (id) => {
      const found = kept.find(({ entry }) => entry.id === id)
      if (found === undefined) throw new Error(`asked for ${id}`)
      const { entry, hash, content } = found
      if (content === null) throw erasedArtifact(entry)
      return { id, hash, mediaType: 'application/json', bytes: entry.bytes, content }
    },
  }
}

async function run(name: string, input: JsonObject, context: ReadsArtifacts, bounds = limits): Promise<JsonObject> {
  const tool = artifactTools(bounds).find((each) => each.name === name)
  if (tool === undefined) throw new Error(`no ${name}`)
  const checked = await tool.input['~standard'].validate(input)
  if (checked.issues !== undefined)
    throw new Error(checked.issues.map((each) => `${String(each.path?.[0])} ${each.message}`).join())
  // What the schema has let through, and the part of the context that these tools read.
  return (await tool.run(
    checked.value as never,
    { ...context, signal: new AbortController().signal } as never,
  )) as JsonObject
}

async function failure(running: Promise<unknown>): Promise<ToolError> {
  const error = await running.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ToolError)) throw new Error(`expected a tool error, found ${error}`)
  return error
}

const orders: Json = { total: 3, orders: ['Lamp', 'Desk', 'Rug'].map((item, id) => ({ id, item })) }
const log = Array.from(
  { length: 500 },
  (_, index) => `line ${index + 1} ${index === 321 ? 'disk failure' : 'fine'}`,
).join('\n')

describe('read_artifact', () => {
  test('reads a slice, by pointer and by line', async () => {
    const context = session([orders, log])
    const [first, second] = context.entries.map(({ id }) => id)
    expect(
      await run('read_artifact', { artifact: first ?? '', pointer: '/orders', offset: 1, limit: 1 }, context),
    ).toEqual({
      artifact: first,
      type: 'array',
      length: 3,
      offset: 1,
      rows: [{ id: 1, item: 'Desk' }],
      nextOffset: 2,
    })
    expect(await run('read_artifact', { artifact: second ?? '', line: 322, lines: 1 }, context)).toMatchObject({
      text: 'line 322 disk failure\n',
      nextLine: 323,
    })
  })

  test('says how far a pointer leads, and that trying again is of no use', async () => {
    const context = session([orders])
    const error = await failure(
      run('read_artifact', { artifact: context.entries[0]?.id ?? '', pointer: '/order' }, context),
    )
    expect(error.message).toContain('Did you mean "orders"?')
    expect([error.retryable, error.tookEffect]).toEqual([false, false])
  })

  test('of an id that the session does not know says which there are', async () => {
    const context = session([orders, log])
    const id = context.entries[1]?.id ?? ''
    const error = await failure(run('read_artifact', { artifact: `${id.slice(0, 15)}_` }, context))
    for (const { id: known } of context.entries) expect(error.message).toContain(known)
    expect(error.message).toContain(`Did you mean "${id}"?`)
    expect((await failure(run('read_artifact', { artifact: 'x' }, session([])))).message).toContain(
      'has no artifact "x"',
    )
  })

  test('of an erased one says what happened and what remains', async () => {
    const context = session([null])
    const error = await failure(run('read_artifact', { artifact: context.entries[0]?.id ?? '' }, context))
    expect(error.message).toMatch(/erased by retention.*do not try again.*the call c0 of fetch and the preview/)
    expect([error.retryable, error.tookEffect]).toEqual([false, false])
  })
})

describe('search_artifact', () => {
  test('ranks across all artifacts, and each match leads to its place', async () => {
    const context = session([orders, log, { note: 'a disk for the rug' }])
    const { matches } = await run('search_artifact', { query: 'disk failure' }, context)
    expect(matches).toMatchObject([
      { artifact: context.entries[1]?.id },
      { artifact: context.entries[2]?.id, pointer: '' },
    ])
    // What the answer is of: a list of objects.
    const [{ snippet: _, ...place } = {}] = matches as readonly JsonObject[]
    expect((await run('read_artifact', { ...place, lines: 10 }, context))['text']).toContain('line 322 disk failure')
    const found = await run('search_artifact', { query: 'desks', artifact: context.entries[0]?.id ?? '' }, context)
    expect(found['matches']).toEqual([
      { artifact: context.entries[0]?.id, pointer: '', snippet: expect.stringContaining('Desk') },
    ])
  })

  test('goes on without what was erased and says so, and of that alone fails', async () => {
    const context = session([orders, null])
    const erased = context.entries[1]?.id ?? ''
    const found = await run('search_artifact', { query: 'lamp' }, context)
    expect(found['matches']).toHaveLength(1)
    expect(found['notSearched']).toEqual([`${erased}: its content was erased or cannot be read`])
    const error = await failure(run('search_artifact', { query: 'lamp', artifact: erased }, context))
    expect(error.message).toContain('erased by retention')
    expect((await failure(run('search_artifact', { query: 'lamp', artifact: 'zz' }, context))).message).toContain(
      erased,
    )
  })

  test('says that nothing matched', async () => {
    expect(await run('search_artifact', { query: 'zebra' }, session([orders]))).toMatchObject({ matches: [] })
    expect(await run('search_artifact', { query: '?!' }, session([]))).toMatchObject({ matches: [] })
  })

  test('says what was too much to search', async () => {
    const many = Array.from({ length: 20_001 }, (_, id) => ({ id }))
    const found = await run('search_artifact', { query: '19999' }, session([many]))
    expect(found['matches']).toHaveLength(1)
    expect(found['notSearched']).toEqual([expect.stringContaining('all behind its first 20000 passages')])
  })
})

describe('the tools for artifacts', () => {
  test('answer less than an output may have that is no artifact, whatever they are asked', async () => {
    const asked = fc.record({ offset: fc.nat(50), limit: fc.integer({ min: 1, max: 500 }) }, { requiredKeys: [] })
    const query = anyText.filter((text) => text.length > 0 && text.length <= 2_000)
    const holds = async (content: Json, request: JsonObject, words: string, maxInlineBytes: number): Promise<void> => {
      const context = session([content, content, 'text'])
      const bounds = { maxInlineBytes, maxSearchMatches: 10 }
      const fits = (answer: Json): void => {
        expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(maxInlineBytes)
      }
      const read = run('read_artifact', { artifact: context.entries[0]?.id ?? '', ...request }, context, bounds)
      fits(await read.catch((error: unknown) => String(error)))
      fits(await run('search_artifact', { query: words }, context, bounds))
      fits(await run('search_artifact', { query: `a é ${words.slice(0, 100)}`, k: 10 }, context, bounds))
    }
    const bytes = fc.integer({ min: 1_024, max: 20_000 })
    await fc.assert(fc.asyncProperty(anyContent, asked, query, bytes, holds), { numRuns: 25 })
  })

  test('refuse fields that they do not know, and values out of bounds', async () => {
    const context = session([orders])
    const refused = (name: string, input: JsonObject): Promise<unknown> =>
      run(name, input, context).catch((error: unknown) => (error instanceof Error ? error.message : error))
    expect(await refused('read_artifact', { artifact: 'a', poiner: '' })).toBe(
      'poiner is not a known field. Did you mean "pointer"?',
    )
    expect(await refused('read_artifact', {})).toBe('artifact is required')
    expect(await refused('read_artifact', { artifact: 'a', offset: 1.5 })).toBe('offset must be a whole number from 0')
    expect(await refused('search_artifact', { query: '' })).toBe('query must be text of 1 to 2000 characters')
    expect(await refused('search_artifact', { query: 'a', k: 11 })).toBe('k must be a whole number from 1 to 10')
  })

  test('are reads, and describe every field to a model', () => {
    const tools = artifactTools(limits)
    expect(tools.map(({ name }) => name)).toEqual([...artifactToolNames])
    for (const tool of tools) {
      expect(tool.effect).toBe('read')
      const schema = describeSchema(tool.input)
      expect(schema).toMatchObject({ type: 'object', additionalProperties: false })
      for (const field of Object.values(schema['properties'] ?? {})) expect(field).toHaveProperty('description')
    }
  })
})
