import { describe, expect, test } from 'vitest'
import { hoard, hoardRound } from './hoard.ts'

test('a tool in a thread that hoards memory fails its call alone', { timeout: 120_000 }, async () => {
  const message = expect.stringMatching(/isolatedMemoryBytes allows 64 MiB/)
  const outcomes = await hoard('worker-hoards', () => console.log('V8 ended the whole process'))
  expect(outcomes).toEqual([
    { type: 'retryable_error', message },
    { type: 'unknown', message },
  ])
})

describe('a process for threads that hoard memory', () => {
  test('is given up at the third native crash, and each is counted', async () => {
    let crashes = 0
    const found = await hoardRound(() => {
      crashes += 1
    }, 'worker-crash')
    expect(found).toEqual([expect.stringMatching(/^process: /)])
    expect(crashes).toBe(3)
  })

  test('is not started again where it failed by itself', async () => {
    const crashed = () => expect.unreachable()
    await expect(hoard('worker-broken-tool', crashed)).rejects.toThrow(/Error: cannot be loaded/)
  })
})
