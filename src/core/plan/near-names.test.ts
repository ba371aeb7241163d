import { expect, test } from 'vitest'
import { nearNames } from './near-names.ts'

const names = ['fetch_rows', 'fetch_row', 'send_mail', 'T1', 'T2', 'search', 'report']

test.each<[string, readonly string[]]>([
  ['fetchRows', ['fetch_rows', 'fetch_row']],
  ['fetch-rows', ['fetch_rows', 'fetch_row']],
  ['sendmail', ['send_mail']],
  ['serch', ['search']],
  ['T3', ['T1', 'T2']],
  ['reprot', ['report']],
  ['delete_everything', []],
  ['search', []],
])('near %j: %j', (name, expected) => {
  expect(nearNames(name, names)).toEqual(expected)
})

test('only so many names are looked at', () => {
  expect(nearNames('serch', [...Array.from({ length: 2_000 }, (_, index) => `other${index}`), 'search'])).toEqual([])
})
