import { expect, test } from 'vitest'
import { createStyle } from '../style.ts'
import { table } from './table.ts'
import { absolute, count, duration, money, relative } from './units.ts'

const columns = [{ title: 'session' }, { title: 'note' }, { title: 'n', align: 'right' }, { title: 'text' }] as const
const rows = [
  ['a1', '', '7', 'short'],
  ['b22', '', '1,204', 'a much longer text than there is room for'],
]

test('columns are aligned, empty ones are left out, and the last gives way', () => {
  expect(table(columns, rows, { width: 40, title: (text) => text })).toEqual([
    'session      n  text',
    'a1           7  short',
    'b22      1,204  a much longer text than…',
  ])
})

test('where there is little room, the widest columns give way until each has a few cells', () => {
  const lines = table([{ title: '' }, { title: '' }], [['a long first column', 'and a second one']], { width: 22 })
  expect(lines).toEqual(['a long firs…  and a s…'])
})

test('nothing is cut in a pipe', () => {
  expect(table(columns, rows, { width: Number.POSITIVE_INFINITY })[1]).toBe(
    'b22      1,204  a much longer text than there is room for',
  )
})

test('colours do not move columns', () => {
  const { red } = createStyle(true)
  const [line] = table([{ title: '', paint: red }, { title: '' }], [['a', 'b']], { width: 20 })
  expect(line).toBe('\u001b[31ma\u001b[39m  b')
})

test('numbers are said with the digits that matter', () => {
  expect([12, 999, 1_449, 12_600, 90_000, 3_600_000 * 5, 86_400_000 * 7].map(duration)).toEqual([
    '12 ms',
    '999 ms',
    '1.4 s',
    '13 s',
    '1.5 min',
    '5 h',
    '7 d',
  ])
  expect([0, 1_200, 1_500_000].map(money)).toEqual(['free', '$0.0012', '$1.50'])
  expect([relative(0, 100), relative(0, 5_000), relative(5_000, 4_800)]).toEqual(['just now', '5 s ago', 'in 200 ms'])
  expect(count(12_345)).toBe('12,345')
  expect(absolute(0)).toMatch(/^19(69|70)-\d\d-\d\d \d\d:\d\d:\d\d$/)
})
