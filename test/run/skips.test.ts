import { describe, expect, test } from 'vitest'
import { refuseSkips } from './skips.ts'

const allowed = { 'real input: retail': 'the recordings are not part of the repository', 'no reason': ' ' }

describe('a skipped test', () => {
  test('passes when it is listed with a reason and its real input is absent', () => {
    expect(refuseSkips(['real input: retail'], { allowed, hasRealInput: false })).toEqual([])
  })
  test('fails when its real input is there, even when it is listed', () => {
    const refused = refuseSkips(['real input: retail'], { allowed, hasRealInput: true })
    expect(refused).toEqual(['real input: retail: was skipped although its real input is there: run it'])
  })
  test.each(['unlisted', 'no reason', 'toString'])('fails when it is not listed with a reason: %s', (name) => {
    expect(refuseSkips([name], { allowed, hasRealInput: false })).toHaveLength(1)
  })
})
