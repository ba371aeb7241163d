import { expect, test } from 'vitest'
import { takeTurns } from './turns.ts'

/** Kinds that write down their names. */
function kindsOf(goals: Readonly<Record<string, number>>) {
  const log: string[] = []
  const kinds = Object.entries(goals).map(([name, goal]) => ({
    name,
    goal,
    play: async () => {
      log.push(name)
    },
  }))
  return { log, kinds }
}

test('every kind plays as often as its goal says', async () => {
  const { log, kinds } = kindsOf({ a: 3, b: 10, c: 1 })
  const played = await takeTurns([kinds.slice(0, 2), kinds.slice(2)], () => false)
  expect(Object.fromEntries([...played].map(([{ name }, rounds]) => [name, rounds]))).toEqual({ a: 3, b: 10, c: 1 })
  expect(log.toSorted().join('')).toBe('aaabbbbbbbbbbc')
})

test('the first round of every kind is played although the time is up, and no other', async () => {
  const { log, kinds } = kindsOf({ a: 3, b: 10, c: 1 })
  await takeTurns([kinds.slice(0, 1), kinds.slice(1)], () => true)
  expect(log.toSorted().join('')).toBe('abc')
})

test('where time ends a run, the kinds have had their parts of it', async () => {
  const { log, kinds } = kindsOf({ few: 20, many: 200 })
  await takeTurns([kinds.slice(0, 1), kinds.slice(1)], () => log.length >= 110)
  expect(log.filter((name) => name === 'few')).toHaveLength(10)
  expect(log.filter((name) => name === 'many')).toHaveLength(100)
})

test('the kinds of a group play side by side, the groups one after another', async () => {
  const steps: string[] = []
  const both = Promise.withResolvers<void>()
  const beside = (name: string) => ({
    goal: 1,
    play: async () => {
      steps.push(name)
      if (steps.length === 2) both.resolve()
      await both.promise
    },
  })
  const last = { goal: 1, play: async () => void steps.push('last') }
  await takeTurns([[beside('a'), beside('b')], [last]], () => false)
  expect(steps).toEqual(['a', 'b', 'last'])
})

test('nothing is played of nothing', async () => {
  expect((await takeTurns([[], []], () => false)).size).toBe(0)
})
