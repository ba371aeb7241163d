import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { memoryTables } from '../memory-tables.ts'
import type { Tables } from '../tables.ts'
import { movedHeads } from './moved.ts'

test('a poll of an idle store reads no row, and a commit makes it look again', () => {
  let reads = 0
  let commits = 0
  const counted: Tables = {
    ...memoryTables(),
    head: () => {
      reads += 1
      return undefined
    },
  }
  const database = new DatabaseSync(':memory:')
  const moved = movedHeads(database, counted, () => commits)
  const ref = { tenant: 'acme', sessionId: 's1' }
  const known = [{ ref, version: 1, fence: 1 }]
  for (let poll = 0; poll < 5; poll += 1) expect(moved(known)).toEqual([ref])
  expect(reads).toBe(1)
  commits += 1
  moved(known)
  expect(reads).toBe(2)
  database.close()
})
