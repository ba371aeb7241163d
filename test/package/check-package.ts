import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { publishedManifest } from './published-manifest.ts'

// Builds the package that would be published from dist/ and has publint and attw check it.
const root = fileURLToPath(new URL('../..', import.meta.url))
const target = join(root, '.tmp', 'package')

rmSync(target, { recursive: true, force: true })
mkdirSync(target, { recursive: true })
for (const part of ['bin', 'dist', 'templates', 'LICENSE', 'README.md'])
  cpSync(join(root, part), join(target, part), { recursive: true })
const manifest = publishedManifest(readFileSync(join(root, 'package.json'), 'utf8'))
writeFileSync(join(target, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)

run('publint', ['run', target, '--strict'])
run('attw', ['--pack', target, '--profile', 'esm-only'])

function run(program: string, rest: readonly string[]): void {
  execFileSync(program, rest, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  })
}
