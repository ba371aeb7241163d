import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { StoreFullError, StoreUnavailableError, StoreUnclearError } from '../../ports/errors.ts'
import type { Rules } from '../tables.ts'
import { BUSY_RETRY_MS, groupCommit, MAX_BUSY_RETRIES } from './group-commit.ts'
import type { Rule, Transact, Transacted } from './transact.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Answers like SQLite, unless the script says otherwise for the n-th transaction. */
function scripted(script: readonly (Transacted | undefined)[]): { transact: Transact; sizes: number[] } {
  const sizes: number[] = []
  const transact: Transact = (group) => {
    sizes.push(group.length)
    const scriptedAnswer = script[sizes.length - 1]
    return scriptedAnswer ?? { type: 'committed', answers: group.map((rule) => rule(noRules)) }
  }
  return { transact, sizes }
}

// The rules of these tests look at nothing.
const noRules = {} as Rules

function answering(answers: readonly string[]): Rule[] {
  return answers.map((answer) => () => answer)
}

const letters = ['a', 'b', 'c']

test('writes of one turn share a transaction, in order', async () => {
  const { transact, sizes } = scripted([])
  const { commit, stats } = groupCommit(transact, setImmediate)
  const asked = Promise.all(answering(letters).map((rule) => commit(rule)))
  await vi.runAllTimersAsync()
  expect(await asked).toEqual(letters)
  expect(sizes).toEqual([3])
  expect(stats).toMatchObject({ commits: 1, writes: 3 })
})

test('a deferral that calls at once commits each write by itself, and takes what a rule asks for meanwhile', async () => {
  const { transact, sizes } = scripted([])
  const { commit } = groupCommit(transact, (flush) => flush())
  let inner: Promise<string> | undefined
  const outer = commit(() => {
    inner = commit(() => 'inner')
    return 'outer'
  })
  expect(sizes).toEqual([1, 1])
  expect([await outer, await inner]).toEqual(['outer', 'inner'])
})

test('a group that failed is run again, each write alone', async () => {
  const full: Transacted = { type: 'failed', error: new StoreFullError('full') }
  const { transact, sizes } = scripted([full, undefined, full])
  const { commit } = groupCommit(transact, setImmediate)
  const asked = Promise.allSettled(answering(letters).map((rule) => commit(rule)))
  await vi.runAllTimersAsync()
  expect((await asked).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(sizes).toEqual([3, 1, 1, 1])
})

test('a group whose commit is unclear is not run again', async () => {
  const { transact, sizes } = scripted([{ type: 'refused', error: new StoreUnclearError('unclear') }])
  const { commit } = groupCommit(transact, setImmediate)
  const asked = Promise.allSettled(answering(letters).map((rule) => commit(rule)))
  await vi.runAllTimersAsync()
  const reasons = (await asked).map((result) => (result.status === 'rejected' ? result.reason : 'answered'))
  expect(reasons.every((reason) => reason instanceof StoreUnclearError)).toBe(true)
  expect(sizes).toEqual([3])
})

test('a write that may run once is in no group', async () => {
  const { transact, sizes } = scripted([])
  const { commit } = groupCommit(transact, setImmediate)
  const rules = answering(['a', 'b', 'once', 'c', 'd'])
  const asked = Promise.all(rules.map((rule, index) => commit(rule, { once: index === 2 })))
  await vi.runAllTimersAsync()
  expect(await asked).toEqual(['a', 'b', 'once', 'c', 'd'])
  expect(sizes).toEqual([2, 1, 2])
})

test('while another process writes, the group waits, and what comes meanwhile stands behind it', async () => {
  const busy: Transacted = { type: 'busy', error: new StoreUnavailableError('locked') }
  const { transact, sizes } = scripted([busy, busy])
  const { commit, stats } = groupCommit(transact, setImmediate)
  const order: string[] = []
  const write = (name: string) => commit(() => order.push(name))
  const first = write('first')
  await vi.advanceTimersByTimeAsync(1)
  const second = write('second')
  await vi.advanceTimersByTimeAsync(2 * BUSY_RETRY_MS)
  await Promise.all([first, second])
  expect(order).toEqual(['first', 'second'])
  expect(sizes).toEqual([1, 2, 2])
  expect(stats).toMatchObject({ busyRetries: 2, failures: 0 })
})

test('the wait for another process has an end', async () => {
  const busy: Transacted = { type: 'busy', error: new StoreUnavailableError('locked') }
  const { transact, sizes } = scripted(Array.from({ length: MAX_BUSY_RETRIES + 1 }, () => busy))
  const { commit } = groupCommit(transact, setImmediate)
  const asked = Promise.allSettled([commit(() => 'a')])
  await vi.runAllTimersAsync()
  expect((await asked)[0]).toMatchObject({ reason: busy.type === 'busy' && busy.error })
  expect(sizes).toHaveLength(MAX_BUSY_RETRIES + 1)
  expect(await Promise.all([commit(() => 'b'), vi.runAllTimersAsync()])).toContain('b')
})

test('a drained group takes nothing more, and answers what it took', async () => {
  const { transact } = scripted([])
  const { commit, drain } = groupCommit(transact, setImmediate)
  const last = commit(() => 'last')
  const drained = drain()
  await vi.runAllTimersAsync()
  await drained
  expect(await last).toBe('last')
  await expect(commit(() => 'late')).rejects.toBeInstanceOf(StoreUnavailableError)
})
