import { expect, test } from 'vitest'
import { wholeNumberOf } from './whole-number.ts'

test.each(['1', '50', '9007199254740991'])('%s is a whole number', (given) => {
  expect(wholeNumberOf('rounds', given)).toBe(Number(given))
})

test.each(['0', '1', '50'])('%s is one from 0', (given) => {
  expect(wholeNumberOf('from', given, 0)).toBe(Number(given))
})

test.each(['abc', '', '-1', '1.5', '1e3', ' 2', '9007199254740993'])('%j is none from 0', (given) => {
  expect(() => wholeNumberOf('from', given, 0)).toThrow(
    new RangeError(`expected --from to be a whole number from 0, found "${given}"`),
  )
})

test.each(['abc', '', '0', '-1', '1.5', '1e3', ' 2', '9007199254740993'])('%j is refused, by name', (given) => {
  expect(() => wholeNumberOf('rounds', given)).toThrow(
    `expected --rounds to be a whole number from 1, found "${given}"`,
  )
})
