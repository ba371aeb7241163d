/** Plans through the command line: given, carried out, looked at by people, mended by them, and shown afterwards. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { deployPlan } from '../../src/core/plan/plan-view.fixture.ts'
import { makeFolder, objects, pawl } from './pawl.ts'

const config = fileURLToPath(new URL('./plans.config.ts', import.meta.url))

let folder: string
let remove: () => void
let deploy: string
beforeEach(() => {
  ;({ folder, remove } = makeFolder(config))
  deploy = file('deploy.json', deployPlan)
})
afterEach(() => remove())

const here = (...args: readonly string[]) => pawl(folder, ...args)

function file(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, JSON.stringify(content))
  return path
}

async function objectOf(...args: readonly string[]) {
  const [first] = objects((await here(...args, '--json')).out)
  if (first === undefined) throw new Error(`nothing came of ${args.join(' ')}`)
  return first
}

async function standings(): Promise<Readonly<Record<string, string>>> {
  const { tasks } = await objectOf('plan', 'show', 'last')
  const views = tasks as readonly { readonly task: { readonly id: string }; readonly status: string }[]
  return Object.fromEntries(views.map(({ task, status }) => [task.id, status]))
}

const done = { vm: 'completed', deps: 'completed', network: 'completed', app: 'completed', monitoring: 'completed' }
const cutOff = { ...done, network: 'failed', app: 'unreachable', monitoring: 'unreachable' }
/** The network is opened under another name; each of its mistakes is one of validation. */
const circular = {
  ...deployPlan,
  tasks: deployPlan.tasks.map((task) =>
    task.id === 'vm' ? { ...task, dependsOn: ['app'] } : task.id === 'network' ? { ...task, tool: 'open_prt' } : task,
  ),
}

describe('a plan that is given', () => {
  test('is carried out, and stands in the log with every task', async () => {
    const { code, out } = await here('run', 'deployer', 'Deploy orders', '--plan', deploy)
    expect(code).toBe(0)
    expect(out).toContain('▸ plan 1 5 tasks · given · Deploy the orders service to staging')
    expect(out).toContain('  ✓ monitoring Set up monitoring\n\n  alert al-3 is set\n\n✓ done  final_answer · answered')
    // Two loops of two turns each, and three direct calls beside the two of the loops.
    expect(out).toMatch(/^ {2}4 turns · 5 calls · /m)
    const shown = (await here('show', 'last')).out
    expect(shown).toContain('0 turns (0 of 12 since the last message) · 4 turns of tasks · 5 calls')
    expect(shown).toContain('▸ answer of the plan\n  alert al-3 is set')
    expect(await standings()).toEqual(done)
  })
  test('that cannot be carried out is refused with all of its problems, and nothing is stored', async () => {
    const { code, out, notes } = await here('run', 'deployer', 'x', '--plan', file('circular.json', circular))
    expect([code, out]).toEqual([1, ''])
    expect(notes).toContain('expected a plan that deployer can carry out; found 2 problems in ')
    expect(notes).toMatch(/✗ cycle {2}vm → app → \w+ → vm: /)
    expect(notes).toMatch(/✗ unknown_tool {2}network: .*open_port/)
    expect(await here('run', 'deployer', 'x', '--plan', file('none.json', 'no plan'))).toMatchObject({ code: 1 })
    expect((await here('sessions')).out).toBe('No sessions.\n')
  })
  test('is made from a template, which the log names', async () => {
    mkdirSync(join(folder, 'templates'))
    const task = { id: 'look', name: 'Look at {{what}}', tool: 'read_log', input: {} }
    const fields = { what: { type: 'string', description: 'What is looked at' } }
    const plan = { goal: 'Look at {{what}}', tasks: [task] }
    file('templates/look.json', { name: 'look', description: 'Looks.', fields, plan })
    const { code, out } = await here('run', 'deployer', 'x', '--template', 'look', '--field', 'what=orders')
    expect([code, out]).toEqual([0, expect.stringContaining('orders 2.4.1 listens')])
    expect(await objectOf('plan', 'show', 'last')).toMatchObject({
      cause: { type: 'template', template: 'look' },
      goal: 'Look at orders',
    })
    const missing = await here('run', 'deployer', 'x', '--template', 'look')
    expect(missing).toMatchObject({ code: 2, notes: expect.stringContaining('fields.what: expected a value') })
  })
  test.each<readonly [args: readonly string[], code: number, says: string]>([
    [['--plan', 'a.json', '--template', 'look'], 2, 'found both --plan and --template'],
    [['--field', 'what=x'], 2, 'expected --template where --field or --templates is given'],
    [['--route', 'sideways'], 2, 'Allowed choices are direct, plan, plan_and_subagent'],
    [['--plan', 'nowhere.json'], 2, 'expected a file that can be read'],
    [['--route', 'plan_and_subagent'], 1, 'agent deployer has no planner'],
  ])('is refused with %j', async (args, code, says) => {
    expect(await here('run', 'deployer', 'x', ...args)).toMatchObject({ code, notes: expect.stringContaining(says) })
    expect((await here('sessions')).out).toBe('No sessions.\n')
  })
  test('is none for an agent that makes no plans', async () => {
    const { code, notes } = await here('run', 'planless', 'x', '--plan', deploy)
    expect([code, notes]).toEqual([1, expect.stringContaining('agent planless makes no plans')])
  })
})

test('a route that is forced stands in the log as such', async () => {
  const routed = async (...args: readonly string[]) => {
    await here('run', 'chooser', 'What Go version do we use?', ...args)
    return (await objectOf('events', 'last', '--kind', 'route_chosen'))['event']
  }
  expect(await routed()).toMatchObject({ route: 'direct', level: 'rules' })
  expect(await routed('--route', 'direct')).toMatchObject({ route: 'direct', level: 'forced' })
})

describe('a plan after the fact', () => {
  test('is the first thing that show prints, with why a task is unreachable and what was chosen', async () => {
    expect((await here('run', 'closed', 'x', '--plan', deploy)).out).toContain('final_answer · answered · partial')
    const { out } = await here('show', 'last')
    expect(out).toMatch(
      /^Deploy the orders service to staging\nplan 1 · strict · 2 of 5 done · 1 failed · 2 unreachable/,
    )
    expect(out).toMatch(/^⊘ app +Deploy the application +unreachable: network failed$/m)
    expect(out).toMatch(/^! ended partial: the answer names what is missing$/m)
    expect(out).toMatch(/^ {2}network +attempt 1 +escalate +tool_terminal: /m)
    expect(out).toMatch(/^closed {2}done {2}final_answer$/m)
    const shown = await objectOf('show', 'last')
    expect(shown).toMatchObject({ isPartial: true, route: 'plan_and_subagent', plan: { version: 1 } })
    expect(await standings()).toEqual(cutOff)
  })
  test('that was planned anew has its versions, and their difference', async () => {
    await here('run', 'replanning', 'x')
    const { out } = await here('plan', 'show', 'last')
    expect(out).toMatch(/^version 2 {2}in force {2}replan since network failed: tool_terminal/)
    expect(out).toMatch(/^ {2}1 {2}replaced {2}5 tasks {2}planned /m)
    expect((await here('plan', 'show', 'last', '1')).out).toContain(
      '· network     Open the network            after vm',
    )
    const diff = await here('plan', 'diff', 'last')
    expect(diff.out).toContain('plan 1 → 2  replan since network failed: tool_terminal')
    expect(diff.out).toContain('− network     Open the network\n+ group       Open the network in a new group')
    expect((await here('plan', 'diff', 'last', '1', '2')).out).toBe(diff.out)
    expect(await objectOf('plan', 'diff', 'last', '2', '1')).toMatchObject({
      from: 2,
      to: 1,
      removed: [{ id: 'group' }],
    })
  })
  test('is asked for in vain where there is none, no such version, or nothing to compare', async () => {
    await here('run', 'planless', 'x')
    expect(await here('plan', 'show', 'last')).toMatchObject({ code: 1, notes: expect.stringContaining('has none') })
    await here('run', 'deployer', 'x', '--plan', deploy)
    const unknown = await here('plan', 'show', 'last', '2')
    expect(unknown).toMatchObject({ code: 2, notes: expect.stringContaining('expected version 1; found 2') })
    const one = await here('plan', 'diff', 'last')
    expect(one).toMatchObject({ code: 1, notes: expect.stringContaining('expected two versions to compare') })
  })
  test('whose steps a model moves shows how far it came', async () => {
    expect((await here('run', 'stepping', 'x')).code).toBe(0)
    expect(await standings()).toEqual({ s1: 'completed', s2: 'in_progress', s3: 'pending' })
  })
  test('that was planned anew too often ends with replan_limit, and why says after what', async () => {
    const { code, out } = await here('run', 'limited', 'x')
    expect([code, out]).toEqual([1, expect.stringContaining('✗ failed  replan_limit · partial')])
    const why = await here('why', 'last')
    expect(why.out).toContain('It has ended: it was planned anew as often as it may be.')
    expect(why.out).toContain('group: tool_terminal: what is left is planned anew')
  })
})

describe('a task that has failed', () => {
  test('and is tried again in a while makes its session wait, and why says until when', async () => {
    await here('run', 'patient', 'x', '--plan', deploy, '--detach')
    await here('work', '--until-idle')
    expect(await objectOf('sessions')).toMatchObject({ status: 'waiting(timer)' })
    const { out } = await here('why', 'last')
    expect(out).toContain('"Open the network" has failed, and is tried again.')
    expect(out).toMatch(/retry +in [\d.]+ min/)
    expect((await here('plan', 'show', 'last')).out).toMatch(
      /· network .+ again in .+, after an attempt: tool_retryable/,
    )
  })
  test('and went well when tried again leaves the choice in the log', async () => {
    expect((await here('run', 'flaky', 'x', '--plan', deploy)).code).toBe(0)
    expect((await here('show', 'last')).out).toContain('network  attempt 1  retry  tool_retryable: retry 1 of 2')
    expect(await standings()).toEqual(done)
  })
  test('is listed with what can be chosen; what is no choice is refused with those that are', async () => {
    const { code } = await here('run', 'asking', 'x', '--plan', deploy)
    expect(code).toBe(3)
    expect((await here('approvals')).out).toMatch(/asks what follows on network[\s\S]+1 retry {2}2 skip {2}3 abort/)
    const refused = await here('answer', 'last', 'later')
    expect(refused).toMatchObject({ code: 1, notes: expect.stringContaining('expected one of retry, skip, abort') })
    expect(await objectOf('sessions')).toMatchObject({ status: 'blocked(escalation)' })
  })
  test('is skipped by number, and those behind it go on', async () => {
    await here('run', 'asking', 'x', '--plan', deploy)
    expect((await here('answer', 'last', '2', '--wait')).code).toBe(0)
    expect(await standings()).toEqual({ ...done, network: 'skipped' })
  })
  test('is tried again with a hint, which stands in the log, or with another input', async () => {
    await here('run', 'asking', 'x', '--plan', deploy)
    const answered = await here('answer', 'last', 'retry: ask the other registry', '--wait')
    expect([answered.code, await standings()]).toEqual([0, done])
    const chosen = objects((await here('events', 'last', '--kind', 'recovery_chosen', '--json')).out).at(-1)
    expect(chosen).toMatchObject({ event: { action: 'retry', by: 'ada', hint: 'ask the other registry' } })
    expect((await here('show', 'last')).out).toContain('ada decided: retry (ask the other registry)')
    await here('run', 'asking', 'x', '--plan', deploy)
    const input = JSON.stringify({ host: '10.0.4.12', port: 443, group: 'sg-10' })
    const edited = await here('edit', 'last', '--input', input, '--wait')
    expect([edited.code, edited.out.includes('"group":"sg-10"')]).toEqual([0, true])
  })
})

describe('a plan that a person looks at', () => {
  const ask = () => here('run', 'reviewed', 'x', '--plan', deploy)

  test('is listed, shown before anything of it runs, and carried out when it is approved', async () => {
    expect((await ask()).code).toBe(3)
    expect((await here('approvals')).out).toContain('Deploy the orders service to staging · 5 tasks')
    const shown = (await here('plan', 'show', 'last')).out
    expect(shown).toMatch(/^version 1 {2}proposed {2}given/)
    expect((await here('show', 'last')).out).toContain('· app         Deploy the application      after deps, network')
    expect((await here('approve', 'last', '--wait')).code).toBe(0)
    expect(await standings()).toEqual(done)
  })
  test('that is rejected never runs', async () => {
    await ask()
    const { code, out } = await here('reject', 'last', '--reason', 'not on a Friday', '--wait')
    expect([code, out]).toEqual([1, expect.stringContaining('a person rejected it: not on a Friday')])
    expect(objects((await here('events', 'last', '--kind', 'task_started', '--json')).out)).toEqual([])
    expect((await here('plan', 'show', 'last')).out).toContain('✗ rejected: a person rejected it: not on a Friday')
  })
  test('is carried out as it was edited; an edit that cannot be carried out is refused before it is written', async () => {
    await ask()
    const before = await objectOf('sessions')
    const refused = await here('edit', 'last', '--input', `@${file('circular.json', circular)}`)
    expect(refused).toMatchObject({
      code: 1,
      notes: expect.stringMatching(/cycle \(vm → app → \w+ → vm\): [\s\S]+unknown_tool \(network\): .*open_port/),
    })
    expect((await objectOf('sessions'))['version']).toBe(before['version'])
    const smaller = { ...deployPlan, tasks: deployPlan.tasks.slice(0, 3) }
    // As an editor has completed it by `pawl plan schema`.
    const written = file('smaller.json', { $schema: './plan.schema.json', ...smaller })
    const edited = await here('edit', 'last', '--input', `@${written}`, '--wait')
    expect([edited.code, await standings()]).toEqual([0, { vm: 'completed', deps: 'completed', network: 'completed' }])
    expect((await here('plan', 'show', 'last')).out).toMatch(/^version 2 {2}in force {2}edited by ada/)
  })
})

test('a call that a task makes is asked about in the name of its task', async () => {
  expect((await here('run', 'careful', 'x', '--plan', deploy)).code).toBe(3)
  const { because, rows } = await objectOf('why', 'last')
  expect(because).toBe('It waits for people: 1 call must be approved before its task goes on.')
  expect(rows).toMatchObject([{ id: 'a1', fields: { task: 'network "Open the network"', tool: 'open_port' } }])
  expect((await here('approvals')).out).toContain(' a1  wants to run open_port for network  careful · ')
})

describe('every command that why suggests', () => {
  const filled = (command: string) =>
    command
      .replace('TEXT', 'no')
      .replace('HINT', 'look twice')
      .replace('JSON', JSON.stringify({ host: '10.0.4.12', port: 444 }))
      .replace('FILE', deploy)
  const argsOf = (command: string) =>
    [...filled(command).matchAll(/"retry: [^"]+"|\{.+\}|\S+/g)].map(([word]) => word.replace(/^"(.*)"$/, '$1')).slice(1)
  const suggested = async () => {
    const { rows } = await objectOf('why', 'last')
    return (rows as readonly { readonly commands: readonly string[] }[]).flatMap(({ commands }) => commands)
  }

  test.each(['asking', 'reviewed', 'closed'])('of a session of %s works', async (name) => {
    await here('run', name, 'x', '--plan', deploy)
    const count = (await suggested()).length
    expect(count).toBeGreaterThan(1)
    for (let index = 0; index < count; index += 1) {
      await here('run', name, 'x', '--plan', deploy)
      const command = (await suggested())[index] ?? ''
      const { code, notes } = await here(...argsOf(command))
      expect([command, code, notes.includes('refused')]).toEqual([command, 0, false])
    }
  })
})
