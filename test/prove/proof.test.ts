import { afterEach, describe, expect, test, vi } from 'vitest'
import { openProof, type Proof } from './proof.ts'

const said = vi.spyOn(console, 'log').mockImplementation(() => {})
const before = process.exitCode
afterEach(() => {
  process.exitCode = before
  said.mockClear()
})

/** The last line, and the exit code. */
function closed(play: (proof: Proof<Record<never, never>>) => void): readonly [line: unknown, exitCode: unknown] {
  const proof = openProof('planted', {}, [])
  play(proof)
  proof.close()
  return [said.mock.lastCall?.[0], process.exitCode]
}

describe('a proof', () => {
  test('fails where it has run nothing', () => {
    expect(closed(() => {})).toEqual(['0 passed, 1 failed, 0 skipped', 1])
    expect(said.mock.calls.flat()).toContainEqual(expect.stringMatching(/^FAIL expected at least one check/))
  })
  test.each<[string, (proof: Proof<Record<never, never>>) => void, string, number]>([
    ['what passed', (proof) => proof.pass(2), '2 passed, 0 failed, 0 skipped', 0],
    ['what failed', (proof) => proof.fail('it broke'), '0 passed, 1 failed, 0 skipped', 1],
    ['what was left out', (proof) => proof.skip('no strace'), '0 passed, 0 failed, 1 skipped', 0],
  ])('counts %s, and ends by it', (_, play, line, exitCode) => {
    expect(closed(play)).toEqual([line, exitCode])
  })
})
