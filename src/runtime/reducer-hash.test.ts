import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { STATE_VERSION } from '../core/index.ts'
import { sha256 } from './hash.ts'

/**
 * What a reducer does is in what it imports too, and a snapshot of other reducers must be discarded. Change them: raise
 * `STATE_VERSION` in src/core/canonical-state.ts once for each release, then write its number and the new hash here.
 */
const released = { version: 3, hash: '5b52d135354a7333fb1187e3afb04bfbb36bf7ed55fb126e3aa41a3daa75ff56' }

test('a change of the reducers raises STATE_VERSION, so that snapshots of the old ones are discarded', () => {
  const files = importsOf(new URL('../core/reduce.ts', import.meta.url), new Map())
  const code = [...files.keys()].sort().map((name) => files.get(name)?.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|\s+/g, ''))
  expect({ version: STATE_VERSION, hash: sha256(code.join('')) }).toEqual(released)
})

/** All that runs when events are reduced, by their paths below src/core. Types run nowhere. */
function importsOf(file: URL, found: Map<string, string>): ReadonlyMap<string, string> {
  const name = file.pathname.split('/src/core/')[1] ?? ''
  if (found.has(name)) return found
  const text = readFileSync(file, 'utf8')
  found.set(name, text)
  for (const [, path = ''] of text.matchAll(/^(?:import|export) (?!type)[^;]*? from '(\.[^']+)'$/gm))
    importsOf(new URL(path, file), found)
  return found
}
