/** The pieces of isolation that need no thread and no process. */

import { agent, createRuntime, DefinitionError } from 'pawl'
import { scripted } from 'pawl/models/scripted'
import { memoryStore } from 'pawl/stores/memory'
import { describe, expect, test, vi } from 'vitest'
import { defaultLimits } from '../../src/core/index.ts'
import { boundsOf, leftUntil } from '../../src/runtime/isolated/bounds.ts'
import { type Ends, whyNot } from '../../src/runtime/isolated/ends.ts'
import { inheritedFlags } from '../../src/runtime/isolated/flags.ts'
import { type FromTool, isAnswer } from '../../src/runtime/isolated/messages.ts'
import { isolatedReport } from '../../src/runtime/isolated/report.ts'
import { serveCall } from '../../src/runtime/isolated/tool-side.ts'
import { nodeEnv } from '../../src/runtime/node-env.ts'
import { createRedactor } from '../../src/runtime/redact.ts'
import { work } from './world.ts'

describe('an answer is taken only whole', () => {
  const toolError = { retryable: true, tookEffect: false }
  test.each<[string, unknown]>([
    ['an output', { type: 'output', output: null }],
    ['a verification', { type: 'verified', tookEffect: 'unknown', message: 'm' }],
    ['an error', { type: 'threw', message: 'm', toolError: null }],
    ['a ToolError', { type: 'threw', message: 'm', toolError }],
    ['an end', { type: 'ended', message: 'm' }],
  ])('%s', (_, message) => {
    expect(isAnswer(message)).toBe(true)
  })

  test.each<[string, unknown]>([
    ['an output of nothing', { type: 'output' }],
    ['an unreadable output without its problem', { type: 'unreadable' }],
    ['a verification of another kind', { type: 'verified', tookEffect: 'maybe' }],
    // That is an output.
    ['a verification that it took effect', { type: 'verified', tookEffect: true }],
    ['an error that does not say whether it is a ToolError', { type: 'threw', message: 'x' }],
    ['an error with half of a ToolError', { type: 'threw', message: 'x', toolError: { retryable: true } }],
    [
      'an error with an effect of another kind',
      { type: 'threw', message: 'x', toolError: { ...toolError, tookEffect: 1 } },
    ],
    ['an error without a message', { type: 'threw', toolError: null }],
    ['an end whose message is no text', { type: 'ended', message: { a: 1 } }],
    ['an unusable module that says nothing', { type: 'unusable' }],
    ['what nobody knows', { type: 'toString', message: 'm' }],
    ['a type that is no text', { type: { toString: () => 'ended' }, message: 'm' }],
    ['null', null],
  ])('not %s', (_, message) => {
    expect(isAnswer(message)).toBe(false)
  })
})

/** What the side of the tool answers, here without a side of its own. */
function answerOf(deed: string): Promise<FromTool> {
  const { promise, resolve } = Promise.withResolvers<FromTool>()
  const bounds = boundsOf({ startWithinMs: null, endWithinMs: null })
  const module = new URL('./worker-tool.ts', import.meta.url).href
  serveCall({
    send: resolve,
    onMessage: (listen) =>
      listen({ type: 'begin', module, call: 'run', input: { deed }, context: {}, methods: [], bounds }),
    guard: async () => {},
    refusal: () => null,
  })
  return promise
}

test.each([
  ['bigint', '$.n: a bigint is not JSON'],
  ['map', '$: an instance of Map is not JSON'],
  ['instance', '$: an instance of Odd is not JSON'],
  ['cycle', '$.self: it contains itself'],
  ['nested', 'nested deeper than'],
])('an answer that holds a %s is told what and where', async (deed, says) => {
  const answer = await answerOf(deed)
  expect(answer).toEqual({ type: 'unreadable', problem: expect.stringContaining(says) })
  if (!isAnswer(answer)) throw new Error('expected an answer')
  const reporting = {
    limits: defaultLimits,
    env: nodeEnv(),
    cleaner: () => createRedactor({ finder: null }),
    keep: async () => null,
  }
  const outcomeOf = async (effect: 'read' | 'unsafe') =>
    (
      await isolatedReport(
        work(effect, () => 1),
        answer,
        reporting,
      )
    ).outcome
  expect(await outcomeOf('read')).toMatchObject({ type: 'terminal_error', message: expect.stringContaining(says) })
  expect(await outcomeOf('unsafe')).toMatchObject({ type: 'ok', output: { warning: expect.stringContaining(says) } })
})

describe('what a process hands on to that of a tool', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['a program given as text', ['-e', 'start()'], []],
    [
      'one behind other flags',
      ['--no-warnings', '--eval', '-p', '--conditions=a'],
      ['--no-warnings', '--conditions=a'],
    ],
    ['one that is printed', ['-p', '1', '--no-warnings'], ['--no-warnings']],
    ['one that is printed, with a flag between', ['--print', '-e', '1'], []],
    ['both in one', ['-pe', '1'], []],
    ['one behind an equals sign', ['--eval=start()', '--print=1'], []],
    ['the kind of that program', ['--input-type', 'module', '--input-type=commonjs', '-i'], []],
    ['a runner of tests, and a watch', ['--test', '--watch', '--watch-path', 'src', '--watch-path=src'], []],
    ['a debugger, and a heap', ['--inspect-brk=0', '--max-old-space-size=9'], []],
    [
      'loaders, which stay',
      ['--import', './a.ts', '-r', 'b', '--expose-gc'],
      ['--import', './a.ts', '-r', 'b', '--expose-gc'],
    ],
  ])('is not %s', (_, flags, inherited) => {
    expect(inheritedFlags(flags)).toEqual(inherited)
  })
})

describe('the bounds of a call', () => {
  const clock = vi.spyOn(Date, 'now')
  test('end by either clock of the machine, whichever says less', () => {
    clock.mockReturnValue(1_000_000)
    const { startBy, endBy } = boundsOf({ startWithinMs: 60_000, endWithinMs: 600_000 })
    if (startBy === null || endBy === null) throw new Error('expected bounds')
    expect(leftUntil(startBy)).toBeGreaterThan(0)
    expect(leftUntil(startBy)).toBeLessThanOrEqual(60_000)
    // The machine slept: only the clock on the wall went on.
    clock.mockReturnValue(1_060_000)
    expect(leftUntil(startBy)).toBeLessThanOrEqual(0)
    expect(leftUntil(endBy)).toBeGreaterThan(0)
    // The clock was set back: the other one counts.
    clock.mockReturnValue(0)
    expect(leftUntil(startBy)).toBeLessThanOrEqual(60_000)
    clock.mockRestore()
  })

  test('never end later than others may take an unsafe call for lost', () => {
    const [soon, late] = [10, 100_000].map((startWithinMs) => boundsOf({ startWithinMs, endWithinMs: 1_000 }).endBy)
    expect(soon && leftUntil(soon)).toBeLessThanOrEqual(1_010)
    expect(late && leftUntil(late)).toBeLessThanOrEqual(2_000)
  })

  test('keep a tool from beginning until its guard is up', async () => {
    const steps: string[] = []
    const up = Promise.withResolvers<void>()
    const ends: Ends = {
      send: () => {},
      onMessage: () => {},
      guard: async () => {
        await up.promise
        steps.push('guarded')
      },
      refusal: () => {
        steps.push('asked')
        return null
      },
    }
    const asked = whyNot(ends, boundsOf({ startWithinMs: null, endWithinMs: null }))
    expect(steps).toEqual([])
    up.resolve()
    expect(await asked).toBeNull()
    expect(steps).toEqual(['guarded', 'asked'])
    const failed = { ...ends, guard: () => Promise.reject(new Error('no threads')) }
    expect(await whyNot(failed, boundsOf({ startWithinMs: null, endWithinMs: null }))).toMatch(/no room .* no threads/)
  })
})

test.each([
  'ended',
  'unusable',
  'not_started',
] as const)('what is said of a call that %s has the trust of its tool', async (type) => {
  const reporting = {
    limits: defaultLimits,
    env: nodeEnv(),
    cleaner: () => createRedactor({ finder: null }),
    keep: async () => null,
  }
  const answer = { type, message: 'words of a stranger' }
  const tool = work('read', () => 1, { trust: 'external' })
  expect(await isolatedReport(tool, answer, reporting)).toMatchObject({ trust: 'external' })
  expect(
    await isolatedReport(
      work('read', () => 1),
      answer,
      reporting,
    ),
  ).toMatchObject({ trust: 'tool' })
})

test.each([-1, Number.NaN, 0.5, Number.POSITIVE_INFINITY, 15_000, 20_000])('a stallMs of %s is refused', (stallMs) => {
  const clerk = agent({ name: 'clerk', instructions: '', model: scripted([]) })
  const create = () => createRuntime({ store: memoryStore(), agents: [clerk], limits: { stallMs } })
  expect(create).toThrow(DefinitionError)
  expect(create).toThrow(/stallMs .* below leaseMs \(15000\), or 0/)
})
