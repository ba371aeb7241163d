import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { environmentRule } from './tidy/environment.ts'
import { floorsRule } from './tidy/floors.ts'
import { languageRule } from './tidy/language.ts'
import { checkLockfile, checkPins, lockfileSentence, pinsSentence } from './tidy/packages.ts'
import { pureCoreRule } from './tidy/pure-core.ts'
import { readSources } from './tidy/read-sources.ts'
import { fileSizeRule, functionSizeRule, parametersRule } from './tidy/sizes.ts'
import { parseSource, type Rule, sayViolation } from './tidy/source.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const sources = readSources(root)

/** Planted sources: each of `breaks` must be reported exactly once, none of `keeps` at all. */
type Plants = {
  readonly breaks: readonly (readonly [path: string, text: string])[]
  readonly keeps: readonly (readonly [path: string, text: string])[]
}

function lines(count: number, line = '  step()'): string {
  return `${line}\n`.repeat(count)
}

function checkRule(rule: Rule, plants: Plants): void {
  describe(rule.sentence, () => {
    test('holds in this repository', () => {
      expect(sources.flatMap(rule.check).map(sayViolation).join('\n')).toBe('')
    })
    test.each(plants.breaks)('is seen to be broken in a planted %s, case %$', (path, text) => {
      const said = rule.check(parseSource(path, text)).map(sayViolation)
      expect(said).toHaveLength(1)
      expect(said[0]).toMatch(new RegExp(`^${path}:\\d+ \\[${rule.name}\\] found .+\\. .+\\.$`))
    })
    test.each(plants.keeps)('leaves a planted %s alone, case %$', (path, text) => {
      expect(rule.check(parseSource(path, text))).toEqual([])
    })
  })
}

checkRule(floorsRule, {
  breaks: [
    ['src/core/a.ts', "import { store } from '../ports/store.ts'"],
    ['src/core/a.ts', "import type { Store } from '../ports/store.ts'"],
    ['src/core/a.ts', "import { hash } from 'node:crypto'"],
    ['src/core/a.ts', "import { v7 } from 'uuid'"],
    ['src/core/a.ts', "export * from '../runtime/drive.ts'"],
    ['src/core/a.ts', "export type A = import('../ports/store.ts').Store"],
    ['src/ports/a.ts', "import { reduce } from '../core/reduce.ts'"],
    ['src/ports/a.ts', "import { z } from 'zod'"],
    ['src/ports/a.ts', "import type { Runtime } from '../runtime/runtime.ts'"],
    ['src/runtime/a.ts', "import { memoryStore } from '../stores/memory.ts'"],
    ['src/runtime/a.ts', "export const load = () => import('../models/scripted.ts')"],
    ['src/search/a.ts', "import { loadState } from '../runtime/load.ts'"],
    ['src/tools/a.ts', "import { allOf } from '../policies/all-of.ts'"],
    ['src/stores/sqlite/a.ts', "import { drive } from '../../runtime/drive.ts'"],
    ['src/models/a.ts', "import { simulate } from '../testing/index.ts'"],
    ['src/testing/a.ts', "import { main } from '../cli/main.ts'"],
    ['src/index.ts', "export { main } from './cli/main.ts'"],
    ['src/runtime/a.ts', "import { tool } from 'pawl'"],
    ['src/runtime/a.ts', "import { table } from '../../test/table.ts'"],
    ['src/attic/a.ts', "import { reduce } from '../core/reduce.ts'"],
  ],
  keeps: [
    ['src/core/a.ts', "import { never } from './never.ts'"],
    ['src/ports/a.ts', "import type { Event } from '../core/event.ts'"],
    ['src/ports/a.ts', "import { type Event, type State } from '../core/event.ts'"],
    ['src/ports/a.ts', "export type { StandardSchemaV1 } from '@standard-schema/spec'"],
    ['src/runtime/a.ts', "import { next } from '../core/next.ts'\nimport { hash } from 'node:crypto'"],
    ['src/runtime/a.ts', "import { openSearch } from '../search/full-text.ts'"],
    ['src/stores/sqlite/a.ts', "import { sql } from './sql.ts'\nimport type { Store } from '../../ports/store.ts'"],
    ['src/testing/a.ts', "import { memoryStore } from '../stores/memory.ts'"],
    ['src/cli/a.ts', "import { createRuntime } from '../index.ts'"],
    ['src/index.ts', "export { createRuntime } from './runtime/runtime.ts'"],
    ['src/runtime/a.test.ts', "import { memoryStore } from '../stores/memory.ts'"],
  ],
})

checkRule(fileSizeRule, {
  breaks: [['src/core/a.ts', lines(251, 'export {}')]],
  keeps: [
    ['src/core/a.ts', lines(250, 'export {}')],
    ['src/core/a.test.ts', lines(251, 'export {}')],
  ],
})

checkRule(functionSizeRule, {
  breaks: [
    ['src/core/a.ts', `function long() {\n${lines(49)}}`],
    ['src/core/a.ts', `export const long = () => {\n${lines(49)}}`],
    ['src/runtime/a.ts', `class A {\n  run() {\n${lines(49)}  }\n}`],
  ],
  keeps: [
    ['src/core/a.ts', `function short() {\n${lines(48)}}`],
    ['src/core/a.test.ts', `function long() {\n${lines(49)}}`],
  ],
})

checkRule(parametersRule, {
  breaks: [
    ['src/core/a.ts', 'export function f(a: 1, b: 2, c: 3, d: 4) {}'],
    ['src/core/a.ts', 'export const f = (a = 1, b = 2, c = 3, ...d: 4[]) => a'],
    ['src/ports/a.ts', 'export interface A { f(a: 1, b: 2, c: 3, d: 4): void }'],
  ],
  keeps: [
    ['src/core/a.ts', 'export function f(a: 1, b: 2, { c, d }: { c: 3; d: 4 }) {}'],
    ['src/core/a.ts', 'export function f(this: 0, a: 1, b: 2, c: 3) {}'],
  ],
})

checkRule(pureCoreRule, {
  breaks: [
    ['src/core/a.ts', 'export const now = () => Date.now()'],
    ['src/core/a.ts', 'export const now = () => performance.now()'],
    ['src/core/a.ts', 'export const dice = () => Math.random()'],
    ['src/core/a.ts', "export const dice = () => Math['random']()"],
    ['src/core/a.ts', 'export const id = () => crypto.randomUUID()'],
    ['src/core/a.ts', 'export const pid = process.pid'],
    ['src/core/a.ts', 'export const g = globalThis'],
    ['src/core/a.ts', 'setTimeout(() => 1, 1)'],
    ['src/core/a.ts', "fetch('x')"],
    ['src/core/a.ts', 'export async function f() {}'],
    ['src/core/a.ts', 'export const f = async () => 1'],
    ['src/core/a.ts', 'await 1'],
    ['src/core/a.ts', 'for await (const a of b) {}'],
    ['src/core/a.ts', 'export type Later = Promise<1>'],
    ['src/core/a.ts', "export const load = () => import('./b.ts')"],
  ],
  keeps: [
    ['src/core/a.ts', 'export const f = (run: { process: 1 }) => run.process'],
    ['src/core/a.ts', 'export const floor = Math.floor(1.5)'],
    ['src/runtime/a.ts', 'export const now = async () => Date.now()'],
  ],
})

checkRule(languageRule, {
  breaks: [
    ['src/core/a.ts', 'export const a: any = 1'],
    ['src/core/a.ts', 'export type A = readonly any[]'],
    ['src/core/a.ts', 'enum A { B }'],
    ['src/core/a.ts', 'namespace A { export const b = 1 }'],
    ['src/core/a.ts', "declare module 'x' { export type A = 1 }"],
    ['src/core/a.ts', 'declare global { interface A { a: 1 } }\nexport {}'],
    ['src/core/a.ts', 'export default function a() {}'],
    ['src/core/a.ts', 'const a = 1\nexport { a as default }'],
    ['test/a.test.ts', 'export const b = (a?: string) => a!.length'],
    ['src/runtime/a.ts', 'export class A { a!: string }'],
  ],
  keeps: [
    ['vitest.config.ts', 'export default {}'],
    ['src/core/a.ts', "export const any = 'any' as const\nexport const not = !any"],
  ],
})

checkRule(environmentRule, {
  breaks: [
    ['src/runtime/a.ts', "export const key = process.env['KEY']"],
    ['src/models/a.ts', 'export const env = globalThis.process.env'],
    ['src/models/a.ts', "export const env = process['env']"],
    ['src/models/a.ts', 'const { env } = process'],
    ['src/models/a.ts', "import { env } from 'node:process'"],
  ],
  keeps: [
    ['src/cli/a.ts', "export const key = process.env['KEY']"],
    ['src/runtime/a.ts', 'export const f = (runtime: { env: 1 }) => runtime.env'],
  ],
})

describe(lockfileSentence, () => {
  // Assembled, so that this file names no host either.
  const host = ['registry', 'example', 'test'].join('.')

  test.each(['package-lock.json', '.npmrc'])('holds in %s', (file) => {
    expect(checkLockfile(file, readFileSync(`${root}${file}`, 'utf8')).map(sayViolation)).toEqual([])
  })
  test.each([
    '      "resolved": "file:elsewhere",',
    `      "integrity": "https://${host}/a/-/a-1.0.0",`,
    '      "from": "https://example.test/a-1.0.0.tgz",',
    `registry=https://${host}/`,
    `//${host}/:_authToken=x`,
  ])('is seen to be broken in a planted line: %s', (line) => {
    const said = checkLockfile('package-lock.json', `{\n${line}\n}`).map(sayViolation)
    expect(said).toHaveLength(1)
    expect(said[0]).toContain('package-lock.json:2 [lockfile] found')
  })
  test('leaves addresses for funding alone', () => {
    expect(checkLockfile('package-lock.json', '"url": "https://github.com/sponsors/someone"')).toEqual([])
  })
})

describe(pinsSentence, () => {
  test('holds in package.json', () => {
    expect(checkPins('package.json', readFileSync(`${root}package.json`, 'utf8')).map(sayViolation)).toEqual([])
  })
  test.each([
    '^1.0.0',
    '~1.0.0',
    '1.x',
    '1.0',
    '*',
    'latest',
    '>=1.0.0',
    'github:a/b',
    '1.0.0 || 2.0.0',
  ])('is seen to be broken by a planted %s', (version) => {
    for (const section of ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']) {
      const said = checkPins('package.json', JSON.stringify({ [section]: { a: version } })).map(sayViolation)
      expect(said).toHaveLength(1)
      expect(said[0]).toContain(`[pins] found ${section}: a "${version}"`)
    }
  })
  test('accepts a release and a pre-release', () => {
    expect(checkPins('package.json', '{"dependencies":{"a":"1.2.3","b":"18.4.0-beta.17"}}')).toEqual([])
  })
})
