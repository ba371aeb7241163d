/**
 * `npm run prove`: every proof at the size that `npm test` uses, then `docs/reliability.md` from what they recorded.
 *
 *     npm run prove -- --size night [--minutes N]      the large size; no proof begins anything new after N minutes of its own
 *     npm run prove -- simulation kill [flags]         only these; with flags of their own they leave no record
 *     npm run prove -- --page                          only the page, from the records that are there
 */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { proofs } from './proofs.ts'
import { readRecords, reliabilityFile, renderReliability } from './reliability.ts'

const given = process.argv.slice(2)
if (given.includes('--help')) {
  console.log('npm run prove -- [names] [--size small|night] [--minutes N]\n')
  for (const { name, does } of proofs) console.log(`${name.padEnd(12)} ${does}`)
  console.log(
    '\nEach leaves a record in test/prove/records/, and docs/reliability.md is made of them. --page makes only the page.',
  )
  process.exit(0)
}
const firstFlag = given.findIndex((each) => each.startsWith('-'))
const names = firstFlag === -1 ? given : given.slice(0, firstFlag)
const flags = firstFlag === -1 ? [] : given.slice(firstFlag)
const known = proofs.map(({ name }) => name)
const unknown = names.filter((name) => !known.includes(name))
if (unknown.length > 0) {
  console.error(`expected names of proofs (${known.join(', ')}); found ${unknown.join(', ')}`)
  process.exit(2)
}

const nodeFlags = ['--conditions=pawl-source', '--no-warnings', '--expose-gc']
const failed = flags.includes('--page') ? [] : (names.length === 0 ? known : names).filter((name) => !prove(name))
writeFileSync(reliabilityFile, renderReliability(readRecords()))
if (failed.length > 0) console.log(`failed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1

function prove(name: string): boolean {
  console.log(`\n== ${name}`)
  const path = fileURLToPath(new URL(`../${name}/main.ts`, import.meta.url))
  const { status } = spawnSync(process.execPath, [...nodeFlags, path, ...flags, '--record'], { stdio: 'inherit' })
  return status === 0
}
