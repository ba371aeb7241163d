import { expect, test } from 'vitest'
import { member, number, RowError, text, textOrNull } from './row.ts'

const row = { name: 'Solo', seats: 1, note: null }

test('columns are read as what they are', () => {
  expect(text(row, 'name')).toBe('Solo')
  expect(number(row, 'seats')).toBe(1)
  expect(textOrNull(row, 'note')).toBeNull()
  expect(member(row, 'name', ['Solo', 'Team'])).toBe('Solo')
})

test('a column of another type, or none at all, is an error that names it', () => {
  expect(() => text(row, 'seats')).toThrow(RowError)
  expect(() => number(row, 'absent')).toThrow(/Column "absent": expected a number, found undefined/)
  expect(() => textOrNull(row, 'absent')).toThrow(RowError)
  expect(() => member(row, 'name', ['Team'])).toThrow(/one of Team/)
})
