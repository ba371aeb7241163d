/** What is asked of the person who sits in front while a plan is carried out. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { deployPlan } from '../../src/core/plan/plan-view.fixture.ts'
import { makeFolder, objects, pawl } from './pawl.ts'

const config = fileURLToPath(new URL('./plans.config.ts', import.meta.url))

/** What the person chooses and types, in this order; then they leave. */
const person = vi.hoisted(() => ({ says: [] as string[], asked: [] as string[] }))

vi.mock('@clack/prompts', () => {
  const left = Symbol('left')
  const answer = async ({ message, options = [] }: { message: string; options?: { value: string }[] }) => {
    person.asked.push([message, ...options.map(({ value }) => value)].join(' | '))
    return person.says.shift() ?? left
  }
  return { isCancel: (said: unknown) => said === left, select: answer, text: answer }
})

let folder: string
let remove: () => void
beforeEach(() => {
  ;({ folder, remove } = makeFolder(config))
  writeFileSync(join(folder, 'deploy.json'), JSON.stringify(deployPlan))
  person.asked.length = 0
})
afterEach(() => remove())

function run(agent: string, ...says: readonly string[]) {
  person.says = [...says]
  return pawl({ folder, isInteractive: true }, 'run', agent, 'Deploy', '--plan', join(folder, 'deploy.json'))
}

test('a plan is shown before it is asked about, and carried out at once when it is approved', async () => {
  const { code, out } = await run('reviewed', 'approve')
  expect(code).toBe(0)
  expect(person.asked).toEqual(['Carry plan 1 out? every plan is looked at | later | approve | reject'])
  const shown = out.indexOf('· app         Deploy the application      after deps, network')
  expect([shown > 0, shown < out.indexOf('✓ approved')]).toEqual([true, true])
})

test('a plan that is rejected ends with what the person said', async () => {
  const { code, out } = await run('reviewed', 'reject', 'not on a Friday')
  expect([code, out]).toEqual([1, expect.stringContaining('a person rejected it: not on a Friday')])
})

test('of a failed task is asked what follows, and for a retry what it should know', async () => {
  const { code } = await run('asking', 'retry', 'the group is larger now')
  expect(code).toBe(0)
  expect(person.asked).toEqual([
    'network "Open the network" has failed: open_port: the security group sg-9 has no free rule. What now? | later | retry | skip | abort',
    'What should it know? (empty: nothing)',
  ])
  const { out } = await pawl(folder, 'events', 'last', '--kind', 'recovery_chosen', '--json')
  expect(objects(out).at(-1)).toMatchObject({ event: { hint: 'the group is larger now', by: 'ada' } })
})

test('a task that is skipped needs no hint, and nothing is decided by leaving', async () => {
  expect((await run('asking', 'skip')).code).toBe(0)
  expect(person.asked).toHaveLength(1)
  expect((await run('asking')).code).toBe(3)
  expect((await run('reviewed', 'later')).code).toBe(3)
})
