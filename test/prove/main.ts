/**
 * `npm run prove -- <proof> [its flags]`: one proof at any size. Without a name: all of them, at the size that `npm test` uses.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const proofs: Readonly<Record<string, string>> = {
  simulation: '../simulation/main.ts',
  kill: '../kill/main.ts',
}

const [name, ...flags] = process.argv.slice(2)
const chosen = name === undefined ? Object.keys(proofs) : [name]
for (const each of chosen) {
  const file = Object.hasOwn(proofs, each) ? proofs[each] : undefined
  if (file === undefined) {
    console.error(`expected one of ${Object.keys(proofs).join(', ')}; found "${each}"`)
    process.exit(2)
  }
  const path = fileURLToPath(new URL(file, import.meta.url))
  const { status } = spawnSync(process.execPath, ['--conditions=pawl-source', '--no-warnings', path, ...flags], {
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(status ?? 1)
}
