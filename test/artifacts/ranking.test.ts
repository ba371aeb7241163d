import type { Json } from 'pawl/core'
import { describe, expect, test } from 'vitest'
import { passagesOf } from '../../src/core/artifact/passages.ts'
import { openSearch } from '../../src/search/full-text.ts'
import { dataFolder, readJsonFile } from '../worlds/data-files.ts'

const folder = dataFolder('tau-bench-retail')
// The file is fixed: tables of rows by their ids.
type Tables = { readonly [table: string]: { readonly [id: string]: Json } }

/** Words of each text, and in how many rows each word is. */
function frequencies(rows: readonly Json[]): {
  readonly words: readonly Set<string>[]
  readonly inRows: Map<string, number>
} {
  const inRows = new Map<string, number>()
  const words = rows.map(
    (row) => new Set(leavesOf(row).flatMap((leaf) => leaf.toLowerCase().match(/[a-z]{3,}|\d{3,}/g) ?? [])),
  )
  for (const row of words) for (const word of row) inRows.set(word, (inRows.get(word) ?? 0) + 1)
  return { words, inRows }
}

function leavesOf(value: Json): readonly string[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [String(value)]
}

type Ranking = { readonly asked: number; readonly first: number; readonly inThree: number }

/** For rows all over the table: a query of some of its words that are in few rows, none of which need be in it alone. */
async function rank(table: { readonly [id: string]: Json }, skip: number): Promise<Ranking> {
  const ids = Object.keys(table)
  const { words, inRows } = frequencies(Object.values(table))
  const { searchPassages } = await openSearch()
  const { passages } = passagesOf(table, 20_000)
  let [asked, first, inThree] = [0, 0, 0]
  for (let index = 0; index < ids.length; index += Math.ceil(ids.length / 25)) {
    const rare = [...(words[index] ?? [])].sort(
      (one, other) => (inRows.get(one) ?? 0) - (inRows.get(other) ?? 0) || (one < other ? -1 : 1),
    )
    const { matches } = searchPassages(passages, rare.slice(skip, skip + 4).join(' '), 3)
    const at = matches.findIndex(({ passage }) => passage.pointer?.split('/')[1] === ids[index])
    asked += 1
    if (at === 0) first += 1
    if (at >= 0) inThree += 1
  }
  return { asked, first, inThree }
}

describe.skipIf(folder === undefined)('real input: tau-bench-retail', () => {
  const db = folder === undefined ? {} : (readJsonFile(folder, 'retail.db.json.gz') as unknown as Tables)

  test.each(['orders', 'products', 'users'])('a row of %s is found by its own distinctive words', async (name) => {
    const table = db[name] ?? {}
    const { asked, first, inThree } = await rank(table, 0)
    expect(asked).toBeGreaterThan(15)
    expect(inThree).toBe(asked)
    expect(first / asked).toBeGreaterThan(0.9)
  })

  test('rows are found by words that are less distinctive too', async () => {
    const { asked, inThree } = await rank(db['orders'] ?? {}, 4)
    expect(inThree / asked).toBeGreaterThan(0.8)
  })
})
