import { expect, test } from 'vitest'
import { pythonFloat, pythonJson } from './python-json.ts'
import { roundCents } from './round-cents.ts'

test.each([
  [0, '0.0'],
  [-0, '-0.0'],
  [1783, '1783.0'],
  [52.029999999999745, '52.029999999999745'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [-0.000012, '-1.2e-05'],
  [9.094947017729282e-13, '9.094947017729282e-13'],
  [1e15, '1000000000000000.0'],
  [1e16, '1e+16'],
  [1.5e300, '1.5e+300'],
])('the float %s is written as Python writes it', (value, text) => {
  expect(pythonFloat(value)).toBe(text)
})

test('a number without a float form is refused', () => {
  expect(() => pythonFloat(Number.NaN)).toThrow(RangeError)
  expect(() => pythonJson({ amount: undefined, later: () => 1 })).toThrow(TypeError)
})

test('separators, escapes and the floats of named fields are those of json.dumps', () => {
  const value = {
    price: 5,
    balance: 57,
    list: [true, null, 'é"\u007f\u2028😀\n'],
    amount: undefined,
    none: {},
  }
  expect(pythonJson(value)).toBe(
    '{"price": 5.0, "balance": 57, "list": [true, null, "\\u00e9\\"\\u007f\\u2028\\ud83d\\ude00\\n"], "none": {}}',
  )
})

test.each([
  [0.125, 0.12],
  [0.375, 0.38],
  [0.625, 0.62],
  [-0.125, -0.12],
  [-0.375, -0.38],
  [2.675, 2.67],
  [1.005, 1],
  [55.79000000000002, 55.79],
  [-0.001, -0],
])('%d dollars round to %d, as in Python', (amount, rounded) => {
  expect(roundCents(amount)).toBe(rounded)
})
