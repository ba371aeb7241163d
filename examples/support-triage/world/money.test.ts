import { expect, test } from 'vitest'
import { centsOfUsd, usdOfCents } from './money.ts'

test('dollars of a model become exact cents, whatever their binary fraction', () => {
  expect(centsOfUsd(19.99)).toBe(1_999)
  expect(centsOfUsd(1.1)).toBe(110)
  expect(centsOfUsd(4.35)).toBe(435)
  expect(centsOfUsd(250)).toBe(25_000)
})

test('amounts that are not a positive whole number of cents are refused', () => {
  for (const amountUsd of [0, -5, 0.001, 49.005, Number.NaN, Number.POSITIVE_INFINITY, 1e300]) {
    expect(centsOfUsd(amountUsd), String(amountUsd)).toBeNull()
  }
})

test('every amount of cents survives the way to dollars and back', () => {
  const amounts = Array.from({ length: 100_000 }, (_, index) => index + 1)
  expect(amounts.filter((cents) => centsOfUsd(usdOfCents(cents)) !== cents)).toEqual([])
})
