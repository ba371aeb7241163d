import { expect, test } from 'vitest'
import { problemsText, TOLD_PROBLEMS } from './problems-text.ts'

test('a plan goes back with every problem on a line, a cycle as its path', () => {
  expect(
    problemsText([
      { code: 'cycle', tasks: ['a', 'b', 'a'], message: 'They wait for each other. Take one dependency out.' },
      { code: 'unknown_tool', tasks: ['c'], message: 'There is no tool\n"opn_port". Did you mean open_port?' },
    ]).split('\n'),
  ).toEqual([
    'The plan cannot be carried out: 2 problems.',
    '1. cycle (a → b → a): They wait for each other. Take one dependency out.',
    '2. unknown_tool (c): There is no tool "opn_port". Did you mean open_port?',
    'Give the whole answer again, with all of this mended.',
  ])
})

test('many problems are counted, and long ones cut', () => {
  const tasks = Array.from({ length: 400 }, (_, index) => `t${index}`)
  const problems = tasks.map(() => ({ code: 'cycle', tasks, message: 'm'.repeat(10_000) }) as const)
  const text = problemsText(problems)
  expect(text).toContain(`And ${400 - TOLD_PROBLEMS} more.`)
  expect(text.length).toBeLessThan(16_000)
})
