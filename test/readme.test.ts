import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8')

test("the README's example is the file that CI runs, and has at most 25 lines", () => {
  const example = read('examples/quickstart.ts').trimEnd()
  expect(read('README.md')).toContain(`\`\`\`ts\n${example}\n\`\`\``)
  expect(example.split('\n').length).toBeLessThanOrEqual(25)
})

test("the README's plan is that of the example, line by line", () => {
  const [, plan = ''] =
    /(const columns = [\s\S]*?const plan = .*)\n/.exec(read('examples/data-pipeline/short.ts')) ?? []
  expect(plan.split('\n').length).toBeGreaterThan(8)
  expect(read('README.md')).toContain(plan)
})

test("the README's processor and strategies are those of the example, line by line, and so are those of docs/memory.md", () => {
  const source = read('examples/charge-audit/agent.ts')
  const [processor = ''] = /const processor: Processor = [\s\S]*?\n\}\n/.exec(source) ?? []
  const [memory = ''] = /const memory = [\s\S]*?\n\]\n/.exec(source) ?? []
  for (const part of [processor, memory]) {
    expect(part.split('\n').length).toBeGreaterThan(5)
    for (const document of ['README.md', 'docs/memory.md']) expect(read(document)).toContain(part)
  }
})

test('every file that a document links to exists', () => {
  const documents = ['guarantees', 'plans', 'memory', 'retention'].map((name) => `docs/${name}.md`)
  for (const document of ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', ...documents]) {
    const folder = new URL(`../${document}`, import.meta.url)
    for (const [, target] of read(document).matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
      expect(() => readFileSync(fileURLToPath(new URL(target ?? '', folder))), `${document} → ${target}`).not.toThrow(
        /ENOENT/,
      )
    }
  }
})

test('every file that a promise or the architecture names exists', () => {
  for (const document of ['docs/guarantees.md', 'docs/decisions/0001-permanent-formats.md']) {
    for (const [, path] of read(document).matchAll(/`((?:src|test)\/[\w./-]+)`/g)) {
      expect(existsSync(fileURLToPath(new URL(`../${path}`, import.meta.url))), `${document} → ${path}`).toBe(true)
    }
  }
  for (const [, path] of read('ARCHITECTURE.md').matchAll(/`((?:core|runtime|stores|engines)\/[\w./-]+\.ts)`/g)) {
    expect(existsSync(fileURLToPath(new URL(`../src/${path}`, import.meta.url))), `ARCHITECTURE.md → ${path}`).toBe(
      true,
    )
  }
})
