import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const entry = fileURLToPath(new URL('../bin/pawl.js', import.meta.url))

/** Runs the entry as a Node of that version would, without starting the command line. */
function startAs(version: string): { readonly status: number | null; readonly stderr: string } {
  const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`
  const preload = `data:text/javascript,${encodeURIComponent(pretend)}`
  return spawnSync(process.execPath, ['--import', preload, entry], { encoding: 'utf8' })
}

describe('the entry of the command line', () => {
  test.each(['12.22.0', '20.20.2', '22.18.0', '24.10.9'])('refuses Node %s and says what to do', (version) => {
    const { status, stderr } = startAs(version)
    expect(status).toBe(1)
    expect(stderr).toContain(`expected Node 24.11 or newer, found Node ${version}.`)
    expect(stderr).toContain('npm run pawl -- <command>')
  })
  test('imports nothing statically, so that the check comes first', () => {
    const code = readFileSync(entry, 'utf8').replaceAll(/^(#!|\s*\/\/).*$/gm, '')
    expect(code).not.toMatch(/^import\s|\bawait\b|\brequire\b|=>|\$\{|\?\.|\bconst\b/m)
    expect(code.indexOf('import(')).toBeGreaterThan(code.indexOf('process.exit(1)'))
  })
  test('is a script that Node can parse', () => {
    expect(() => execFileSync(process.execPath, ['--check', entry])).not.toThrow()
  })
})
