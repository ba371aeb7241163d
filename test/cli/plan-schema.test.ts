import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeFolder, objects, pawl } from './pawl.ts'

let folder: string
let remove: () => void
beforeEach(() => {
  ;({ folder, remove } = makeFolder(fileURLToPath(new URL('./plans.config.ts', import.meta.url))))
})
afterEach(() => remove())

const here = (...args: readonly string[]) => pawl(folder, 'plan', ...args)

function fits(schema: string, value: unknown): boolean {
  return new Ajv2020({ strict: false }).validate(JSON.parse(schema), value)
}

const sound = { goal: 'Greet', tasks: [{ id: 'hello', name: 'Say hello' }] }

describe('plan schema', () => {
  test('prints what a plan may be, readable or on one line', async () => {
    const { code, out, notes } = await here('schema')
    expect([code, notes]).toEqual([0, ''])
    expect(fits(out, sound)).toBe(true)
    expect(fits(out, { goal: 'Greet', tasks: [] })).toBe(false)
    expect(fits(out, { ...sound, version: 1 })).toBe(false)
    expect(objects((await here('schema', '--json')).out)).toEqual([JSON.parse(out)])
  })

  test('a plan that names its schema is one, for the schema and for those who read it', async () => {
    const named = { $schema: './plan.schema.json', ...sound }
    expect(fits((await here('schema')).out, named)).toBe(true)
    const file = join(folder, 'plan.json')
    writeFileSync(file, JSON.stringify(named))
    expect((await here('check', file)).code).toBe(0)
    writeFileSync(file, JSON.stringify({ ...sound, $schema: 7 }))
    const { code, out } = await here('check', file)
    expect([code, out]).toEqual([1, expect.stringContaining('"$schema" is not a known field')])
  })

  test('with an agent has only the tools and specialists that it has', async () => {
    const { code, out } = await here('schema', '--agent', 'deployer')
    expect(code).toBe(0)
    const withTool = (tool: string) => ({ ...sound, tasks: [{ id: 'a', name: 'A', tool, input: {} }] })
    expect([fits(out, withTool('open_port')), fits(out, withTool('other'))]).toEqual([true, false])
    const unknown = await here('schema', '--agent', 'nobody')
    expect([unknown.code, unknown.notes]).toEqual([2, expect.stringContaining('"nobody"')])
    rmSync(join(folder, 'pawl.config.ts'))
    expect((await here('schema', '--agent', 'deployer')).notes).toContain('expected pawl.config.ts')
  })

  test('of a template fits one that comes with pawl', async () => {
    const { code, out } = await here('schema', 'template')
    const shipped = JSON.parse(readFileSync(new URL('../../templates/code-review.json', import.meta.url), 'utf8'))
    expect([code, fits(out, shipped), fits(out, sound)]).toEqual([0, true, false])
    expect((await here('schema', 'template', '--agent', 'deployer')).code).toBe(2)
    expect((await here('schema', 'tool')).code).toBe(2)
  })
})
