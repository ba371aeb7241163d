/**
 * What a large output costs: kept as an artifact, against one of 15 KB that stands in its event; and what a model waits for
 * `read_artifact` and `search_artifact` on it. All sizes take turns within a round.
 */
import { join } from 'node:path'
import { agent, createRuntime, type Json, type Store, tool } from 'pawl'
import { scripted } from 'pawl/models/scripted'
import { allowTools } from 'pawl/policies'
import { memoryStore } from 'pawl/stores/memory'
import { sqliteStore } from 'pawl/stores/sqlite'
import { z } from 'zod'
import { atMost, type Benchmark, type Finding, type Size } from './run/finding.ts'
import { inScratch } from './run/scratch.ts'
import { median } from './run/statistics.ts'
import { shown } from './run/table.ts'

const KB = 1_024
const INLINE = 15 * KB
const LARGE = [64 * KB, 1_024 * KB, 16 * 1_024 * KB] as const
const [, MEDIUM, LARGEST] = LARGE
const ROUNDS: Readonly<Record<Size, number>> = { small: 5, full: 25 }

const stores = ['memory', 'SQLite'] as const
type StoreName = (typeof stores)[number]

export const artifactSave: Benchmark = async (size) => {
  const findings: Finding[] = []
  const outputs = new Map([INLINE, ...LARGE].map((bytes) => [bytes, rowsOf(bytes)]))
  for (const store of stores) {
    const measured = new Map<number, Measured[]>()
    // The first round warms up, and is not counted.
    for (let round = 0; round <= ROUNDS[size]; round += 1)
      for (const [bytes, output] of outputs) {
        globalThis.gc?.()
        const times = await inStore(store, (opened) => measure(opened, { output, isLarge: bytes !== INLINE }))
        if (round > 0) measured.set(bytes, [...(measured.get(bytes) ?? []), times])
      }
    findings.push(...findingsOf(store, measured))
  }
  return findings
}

/** Rows as a query of a shop gives them, so many that they take at least so many bytes as JSON. */
function rowsOf(bytes: number): Json {
  const row = (number: number) => ({
    order_id: `#W${number}`,
    status: 'delivered',
    total: number / 100,
    note: noteOf(number),
  })
  const each = JSON.stringify(row(1_000_000)).length
  return Array.from({ length: Math.ceil(bytes / each) }, (_, index) => row(1_000_000 + index))
}

function noteOf(number: number): string {
  return number % 1_000 === 0 ? 'the customer sent back a scratched kettle' : 'as ordered'
}

function inStore<Result>(name: StoreName, work: (store: Store) => Promise<Result>): Promise<Result> {
  if (name === 'memory') return work(memoryStore())
  return inScratch(async (folder) => {
    const store = sqliteStore(join(folder, 'pawl.db'))
    const result = await work(store)
    await store.close()
    return result
  })
}

/** Milliseconds: from the output to the next request; and of the turns that read and search it, null where it stands in its event. */
type Measured = { readonly keptMs: number; readonly readMs: number | null; readonly searchedMs: number | null }

async function measure(
  store: Store,
  { output, isLarge }: { readonly output: Json; readonly isLarge: boolean },
): Promise<Measured> {
  let answeredAt = 0
  const asked: number[] = []
  const query = tool({
    name: 'query',
    description: 'Asks the books of the shop.',
    effect: 'read',
    input: z.object({}),
    run: () => {
      answeredAt = performance.now()
      return output
    },
  })
  const model = scripted(({ messages }) => {
    asked.push(performance.now())
    const failed = messages.find((message) => message.role === 'tool' && message.isError)
    if (failed !== undefined) throw new Error(`expected calls that are answered; found ${JSON.stringify(failed)}`)
    const artifact = /"artifact":"(\w+)"/.exec(JSON.stringify(messages))?.[1] ?? ''
    const [first, ...large] = [
      { tool: 'query', input: {} },
      { tool: 'read_artifact', input: { artifact, offset: 100, limit: 20 } },
      { tool: 'search_artifact', input: { artifact, query: 'scratched kettle' } },
    ]
    const call = [first, ...(isLarge ? large : [])][asked.length - 1]
    return call === undefined ? 'done' : { calls: [call] }
  })
  const clerk = agent({
    name: 'clerk',
    instructions: 'Answer.',
    model,
    tools: [query],
    policies: [allowTools(['query', 'read_artifact', 'search_artifact'])],
  })
  const runtime = createRuntime({ store, agents: [clerk] })
  const session = await runtime.start('clerk', { message: 'Which orders were sent back?' })
  const { text, status } = await runtime.result(session)
  await runtime.stop()
  const turns = isLarge ? 4 : 2
  if (text !== 'done' || asked.length !== turns)
    throw new Error(`expected ${turns} turns to the end; found ${asked.length} and ${JSON.stringify(status)}`)
  const turn = (index: number) => (isLarge ? (asked[index + 1] ?? 0) - (asked[index] ?? 0) : null)
  return { keptMs: (asked[1] ?? 0) - answeredAt, readMs: turn(1), searchedMs: turn(2) }
}

function findingsOf(store: StoreName, measured: ReadonlyMap<number, readonly Measured[]>): readonly Finding[] {
  const of = (bytes: number, what: keyof Measured) => median((measured.get(bytes) ?? []).map((each) => each[what] ?? 0))
  const against = (name: string, value: number, other: number, goal: number | null): Finding => ({
    name: `${name}, ${store}`,
    unit: 'x',
    value: value / other,
    goal: goal === null ? null : atMost(goal),
    note: `p50 ${shown(value)} against ${shown(other)} ms`,
  })
  const inline = of(INLINE, 'keptMs')
  return [
    ...LARGE.map((bytes) =>
      against(
        `an output of ${sizeText(bytes)} against one of ${sizeText(INLINE)} inline`,
        of(bytes, 'keptMs'),
        inline,
        null,
      ),
    ),
    against(
      `an output of ${sizeText(LARGEST)} against one of ${sizeText(MEDIUM)}`,
      of(LARGEST, 'keptMs'),
      of(MEDIUM, 'keptMs'),
      (LARGEST / MEDIUM) * LINEAR,
    ),
    ...(['readMs', 'searchedMs'] as const).flatMap((what) =>
      LARGE.map((bytes) => {
        const name = what === 'readMs' ? 'read_artifact' : 'search_artifact'
        return against(
          `${name} on ${sizeText(bytes)} against a turn with ${sizeText(INLINE)}`,
          of(bytes, what),
          inline,
          null,
        )
      }),
    ),
  ]
}

/** What of linear growth a cache that is too small for it may add. */
const LINEAR = 1.5

function sizeText(bytes: number): string {
  return bytes < 1_024 * KB ? `${bytes / KB} KB` : `${bytes / KB / 1_024} MB`
}
