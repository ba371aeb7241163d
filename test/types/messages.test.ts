import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Mistakes that people make first, each in a file of its own. */
const mistakes = {
  'missing-effect': `tool({ name: 'refund', description: 'x', input, run: () => 1 })`,
  'wrong-effect': `tool({ name: 'refund', description: 'x', effect: 'write', input, run: () => 1 })`,
  'wrong-run-input': `tool({ name: 'refund', description: 'x', effect: 'read', input, run: ({ amount }) => amount })`,
  'wrong-run-type': `tool({ name: 'refund', description: 'x', effect: 'read', input, run: (input: { usd: string }) => input.usd })`,
  'policy-without-a-name': `const open: Policy = { version: '1', tools: '*', check: () => ({ type: 'allow' }) }\nvoid open`,
  'misspelt-budget': `agent({ name: 'x', instructions: '', model: scripted([]), budget: { maxTruns: 3 } })`,
}

const head = `import { agent, type Policy, tool } from 'pawl'
import { scripted } from 'pawl/models/scripted'
import { z } from 'zod'
const input = z.object({ usd: z.number() })
void [agent, tool, scripted, input] as readonly unknown[] as readonly Policy[]
`

/** What the compiler says of each file. */
const said = new Map<string, string>()
let folder = ''

beforeAll(() => {
  mkdirSync(join(root, '.tmp'), { recursive: true })
  folder = mkdtempSync(join(root, '.tmp', 'types-'))
  for (const [name, code] of Object.entries(mistakes))
    writeFileSync(join(folder, `${name}.ts`), `${head}${code}\nexport {}\n`)
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: '../../tsconfig.json', include: ['*.ts'], exclude: [] }),
  )
  const { stdout } = spawnSync(join(root, 'node_modules', '.bin', 'tsc'), ['-p', folder, '--pretty', 'false'], {
    cwd: folder,
    encoding: 'utf8',
  })
  for (const message of stdout.split(/\n(?=\S)/)) {
    const name = /^([\w-]+)\.ts\(/.exec(message)?.[1] ?? 'elsewhere'
    said.set(name, (said.get(name) ?? '') + message)
  }
}, 60_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('what the compiler says to somebody who makes a mistake', () => {
  test.each<[keyof typeof mistakes, RegExp]>([
    ['missing-effect', /Property 'effect' is missing in type .* but required in type 'Tool</],
    ['wrong-effect', /Type '"write"' is not assignable to type 'EffectClass'/],
    ['wrong-run-input', /Property 'amount' does not exist on type '\{ usd: number; \}'/],
    ['wrong-run-type', /Types of property 'usd' are incompatible|Type 'number' is not assignable to type 'string'/],
    ['policy-without-a-name', /Property 'name' is missing in type .* but required in type 'Policy'/],
    ['misspelt-budget', /'maxTruns' does not exist in type 'Partial<Budget>'|Did you mean .*'maxTurns'/],
  ])('%s', (name, phrase) => {
    const message = said.get(name) ?? ''
    expect(message).toMatch(phrase)
    expect(message.length, message).toBeLessThan(1_200)
  })

  test('nothing else is wrong', () => {
    expect([...said.keys()].filter((name) => !Object.hasOwn(mistakes, name))).toEqual([])
  })
})
