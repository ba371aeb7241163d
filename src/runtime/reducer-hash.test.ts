import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { STATE_VERSION } from '../core/index.ts'
import { sha256 } from './hash.ts'

/**
 * What a reducer does is in its helpers too, and a snapshot of other reducers must be discarded. Change them: raise `STATE_VERSION`
 * in src/core/canonical-state.ts, then write its number and the new hash here.
 */
const released = { version: 1, hash: '2266717bb6c77529e238596bad3422ab8af579f911b98f31eba78d8e6bfd5a40' }

test('a change of the reducers raises STATE_VERSION, so that snapshots of the old ones are discarded', () => {
  const core = new URL('../core/', import.meta.url)
  const names = readdirSync(core).filter(
    (name) => /^(reduce.*|draft|driven|state)\.ts$/.test(name) && !name.includes('.test.'),
  )
  const code = names
    .sort()
    .map((name) => readFileSync(new URL(name, core), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|\s+/g, ''))
  expect({ version: STATE_VERSION, hash: sha256(code.join('')) }).toEqual(released)
})
