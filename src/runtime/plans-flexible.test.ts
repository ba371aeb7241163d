import { describe, expect, test } from 'vitest'
import type { Message } from '../core/index.ts'
import type { ScriptedDecision } from '../models/scripted.ts'
import { scripted } from '../models/scripted.ts'
import type { ModelRequest } from '../ports/index.ts'
import { planningWorld } from './planning.fixture.ts'

const steps = (...names: readonly string[]) => names.map((name) => ({ name }))
const call = (tool: string, input: object): ScriptedDecision => ({ calls: [{ tool, input: input as never }] })
const plan = call('plan', { goal: 'the sums', notes: 'in euros', steps: steps('look', 'add', 'tell') })
const move = (step: number, status: string, result?: string) =>
  call('update_plan', { step, status, ...(result && { result }) })

/** The root's script, and what each of its requests showed; children are asked by `child`. */
function flexible(script: readonly ScriptedDecision[], child: readonly ScriptedDecision[] = ['done']) {
  const asked: ModelRequest[] = []
  const model = scripted((request) => {
    const isRoot = request.taskId === 'root'
    if (isRoot) asked.push(request)
    const { purposeTurn = 1 } = request
    return (isRoot ? script : child)[purposeTurn - 1] ?? 'done'
  })
  const opened = planningWorld({
    model,
    planning: { route: 'plan', planner: null, router: null, maxReplans: 1 },
    specialists: [{ name: 'adder', domain: 'Adds numbers.', instructions: 'Add.', tools: ['add'] }],
  })
  return { ...opened, asked }
}

const lastText = (messages: readonly Message[]) => {
  const last = messages.at(-1)
  return last?.role === 'user' ? last.text : ''
}

describe('a flexible plan', () => {
  test('is the first thing that the model has to make: nothing else is offered, and nothing else runs', async () => {
    const { start, asked, find } = flexible([call('add', { left: 1, right: 2 }), plan, 'done'])
    const sessionId = await start()
    expect(asked[0]).toMatchObject({ mustCall: 'plan', tools: [{ name: 'plan' }] })
    expect(asked[2]?.tools.map(({ name }) => name)).toEqual([
      'add',
      'boom',
      'flaky',
      'list',
      'pay',
      'plan',
      'update_plan',
      'delegate',
    ])
    expect(asked[2]?.mustCall).toBeUndefined()
    expect((await find(sessionId, 'call_finished'))[0]?.outcome).toMatchObject({
      type: 'blocked',
      message: 'not run: this work needs a plan first. Call plan, then add',
    })
  })

  test('stands in the prompt of every turn, as it is then, and leaves it when every step has ended', async () => {
    const { start, asked } = flexible([
      plan,
      move(1, 'in_progress'),
      move(1, 'completed', 'found 2'),
      move(2, 'cancelled'),
      move(3, 'completed'),
      'done',
    ])
    await start()
    const shown = asked.map(({ messages }) => lastText(messages))
    expect(shown[1]).toBe(
      '[PLAN]\nGoal: the sums\nNotes: in euros\n1. [pending] look\n2. [pending] add\n3. [pending] tell',
    )
    expect(shown[2]).toContain('1. [in_progress] look')
    expect(shown[3]).toContain('1. [completed] look → "found 2"')
    expect(shown[4]).toContain('2. [cancelled] add')
    expect(shown[5]).not.toContain('[PLAN]')
  })

  test('has one step in progress at a time: a second is refused with what to do about it', async () => {
    const { start, find } = flexible([plan, move(1, 'in_progress'), move(2, 'in_progress'), 'done'])
    const outcomes = (await find(await start(), 'call_finished')).map(({ outcome }) => outcome)
    expect(outcomes[2]).toEqual({
      type: 'terminal_error',
      message: 'step 1 "look" is in progress. Move it to completed, or back to pending, before you begin step 2.',
    })
  })

  test('moves a delegated step by itself: in progress, then completed with what came of it', async () => {
    const delegate = call('delegate', { name: 'add', brief: 'Add 1 and 2.', specialist: 'adder', step: 2 })
    const { start, find, asked } = flexible([plan, delegate, 'done'], [call('add', { left: 1, right: 2 }), 'It is 3.'])
    const sessionId = await start()
    expect(
      (await find(sessionId, 'plan_step_moved')).map(({ taskId, status, result }) => [taskId, status, result]),
    ).toEqual([
      ['s2', 'in_progress', undefined],
      ['s2', 'completed', 'It is 3.'],
    ])
    expect(asked.at(-1)?.messages.findLast(({ role }) => role === 'tool')).toMatchObject({
      tool: 'delegate',
      result: { result: 'It is 3.' },
    })
  })

  test('delegates nothing with a tool that whoever gets it may not have, and says which there are', async () => {
    const delegate = call('delegate', { name: 'pay', brief: 'Pay.', specialist: 'adder', tools: ['add', 'pay'] })
    const { start, find } = flexible([plan, delegate, 'done'])
    const sessionId = await start()
    expect((await find(sessionId, 'call_finished'))[1]?.outcome).toMatchObject({
      type: 'blocked',
      message: 'tools: adder can be given add; found pay',
    })
    expect(await find(sessionId, 'task_started')).toEqual([])
  })

  test('puts a delegated step back where it fails, and says so when there were enough in a row', async () => {
    const delegate = call('delegate', { name: 'add', brief: 'Add.', specialist: 'adder', step: 2 })
    const cannot = call('fail_task', { class: 'missing_input', reason: 'no numbers' })
    const { start, find, asked } = flexible([plan, delegate, 'done'], [cannot])
    const sessionId = await start()
    expect((await find(sessionId, 'plan_step_moved')).map(({ status }) => status)).toEqual(['in_progress', 'pending'])
    expect((await find(sessionId, 'call_finished')).at(-1)?.outcome).toEqual({
      type: 'terminal_error',
      message: 'the task has failed (missing_input): no numbers',
    })
    expect(lastText(asked.at(-1)?.messages ?? [])).toContain('1 of its steps in a row came back undone')
  })

  test('is replaced while steps of it are open so often, and no more', async () => {
    const { start, find } = flexible([plan, plan, plan, 'done'])
    const sessionId = await start()
    expect((await find(sessionId, 'plan_adopted')).map(({ version }) => version)).toEqual([1, 2])
    expect((await find(sessionId, 'call_finished')).at(-1)?.outcome).toMatchObject({
      message: expect.stringContaining('replaced 1 times already'),
    })
  })

  test('survives any window: the plan stands in the prompt when the turn that made it does not', async () => {
    const idle = Array.from({ length: 9 }, () => call('add', { left: 1, right: 2 }))
    const asked: ModelRequest[] = []
    const script = [plan, ...idle, 'done']
    const model = scripted((request, { turn }) => {
      asked.push(request)
      return script[turn - 1] ?? 'done'
    })
    const { start } = planningWorld({
      model,
      planning: { route: 'plan', planner: null, router: null },
      limits: { windowTurns: 2 },
    })
    await start()
    const last = asked.at(-1)
    expect(JSON.stringify(last?.messages.slice(0, -1))).not.toContain('in euros')
    expect(lastText(last?.messages ?? [])).toContain('Notes: in euros')
  })
})
