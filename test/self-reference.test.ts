import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import manifest from '../package.json' with { type: 'json' }

const root = fileURLToPath(new URL('..', import.meta.url))

test('`pawl` means the sources for Node with --conditions=pawl-source', () => {
  const code = "console.log(import.meta.resolve('pawl'), import.meta.resolve('pawl/core'))"
  const said = execFileSync(process.execPath, ['--conditions=pawl-source', '--input-type=module', '-e', code], {
    cwd: root,
    encoding: 'utf8',
  })
  expect(said).toMatch(/\/src\/index\.ts .*\/src\/core\/index\.ts\n$/)
})

test('every export names a source that exists, and the files that tsc makes of it', () => {
  for (const [name, target] of Object.entries(manifest.exports)) {
    if (typeof target === 'string') continue
    const source = target['pawl-source']
    expect(existsSync(`${root}${source}`), `${name}: ${source}`).toBe(true)
    const built = source.replace('./src/', './dist/').replace(/\.ts$/, '')
    expect(target).toEqual({ 'pawl-source': source, types: `${built}.d.ts`, import: `${built}.js` })
  }
})
