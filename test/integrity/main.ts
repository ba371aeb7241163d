/**
 * Integrity: a real log of 1,000 events, in which each byte of each field is flipped, rows are dropped, swapped and doubled, the end
 * cut off and the whole written anew; and bits of the file itself. All of it has to be noticed by what `pawl verify` is made of.
 *
 * `--size small` (default): one bit of each byte, 100 bits of the file. `--size night`: all eight, 2,000 of the file.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExportedHead } from '../../src/cli/exported-heads.ts'
import { readHeads } from '../../src/cli/exported-heads.ts'
import { verifyChain } from '../../src/stores/chain.ts'
import { chanceOf } from '../../src/testing/simulator/chance.ts'
import { openProof } from '../prove/proof.ts'
import { buildLog, ref } from './build-log.ts'
import { flipAll, headOf, type Log, logOf } from './flips.ts'
import { forgeAll, isAsPromised } from './forgeries.ts'
import { lookWithPawl } from './in-file.ts'
import { moveAll } from './moves.ts'
import { forgeNameless } from './nameless.ts'
import { plants, triesUntilMissed } from './plants.ts'
import { flipRaw } from './raw.ts'
import { readRows } from './row.ts'
import { sampleInFile } from './sample.ts'
import { moveUnlinked } from './unlinked.ts'

const proof = openProof('integrity', {})
const RAW_AT_ONCE = 100
const MOST_TOLD = 5

const folder = mkdtempSync(join(tmpdir(), 'pawl-integrity-'))
const original = join(folder, 'original.db')
const headsFile = join(folder, 'heads.ndjson')
try {
  await buildLog(original)
  const log = logOf(ref, readRows(original, ref))
  proof.figure({ name: 'events', value: log.events.length })
  if (verifyChain(ref, log.events, { head: headOf(log) }).type === 'holds') proof.pass()
  else proof.fail('the log does not hold before anything is done to it')
  checkFlips(log)
  checkMoves(log)
  await checkSample(log)
  await checkForgeries(log)
  await checkRaw()
  await checkPlants(log)
} finally {
  rmSync(folder, { recursive: true })
}
proof.notTested(
  'A change of two bytes or more at once, other than rows that were moved and logs that were sealed anew.',
)
proof.close()

function checkFlips(log: Log): void {
  const bits = proof.size === 'night' ? 'all' : 'one'
  const { flips, goal, missed, byField } = flipAll(log, bits, verifyChain, proof.isTimeUp)
  if (missed.length === 0) proof.pass()
  for (const flip of missed.slice(0, MOST_TOLD)) proof.fail(`nobody notices the flip ${JSON.stringify(flip)}`)
  proof.figure({ name: 'flips of bits in fields', value: flips, goal })
  for (const [field, count] of byField) proof.figure({ name: `of them in ${field}`, value: count })
}

function checkMoves(log: Log): void {
  const { tried, missed } = moveAll(log, verifyChain, chanceOf(1))
  if (missed.length === 0) proof.pass()
  for (const { move } of missed.slice(0, MOST_TOLD)) proof.fail(`nobody notices: ${move}`)
  proof.figure({ name: 'rows dropped, swapped and doubled', value: tried })
}

async function checkSample(log: Log): Promise<void> {
  const count = proof.pick({ small: 200, night: 1_000 })
  const { tried, differ } = await sampleInFile(log, {
    original,
    folder,
    count,
    chance: chanceOf(2),
    isTimeUp: proof.isTimeUp,
  })
  if (differ.length === 0) proof.pass()
  for (const each of differ.slice(0, MOST_TOLD)) proof.fail(`pawl verify says something else: ${each}`)
  proof.figure({ name: 'flips in a file, looked at by pawl verify', value: tried, goal: count })
}

async function checkForgeries(log: Log): Promise<void> {
  const look = await lookWithPawl(folder, original, headsFile)
  const forgeries = await forgeAll(log, { original, ref, folder, look })
  for (const forgery of forgeries) {
    const { name, isNoticed, isNoticedAlone } = forgery
    if (isAsPromised(forgery)) proof.pass()
    else proof.fail(`${name}: noticed ${isNoticed} against heads kept elsewhere, ${isNoticedAlone} without`)
  }
  proof.figure({ name: 'forgeries, each noticed against heads kept elsewhere', value: forgeries.length })
}

async function checkRaw(): Promise<void> {
  const goal = proof.pick({ small: 100, night: 2_000 })
  const heads: readonly ExportedHead[] = readHeads(headsFile)
  const tally = { refused: 0, detected: 0, unchanged: 0, missed: 0, untyped: 0 }
  let done = 0
  while (done < goal && (done === 0 || !proof.isTimeUp())) {
    const order = {
      original,
      path: join(folder, 'raw.db'),
      from: done + 1,
      count: Math.min(RAW_AT_ONCE, goal - done),
      heads,
      chains: 'checked',
    } as const
    const { outcomes, ended } = await flipRaw(order)
    for (const outcome of outcomes) {
      tally[outcome.type] += 1
      if (outcome.type === 'missed' || outcome.type === 'untyped')
        proof.fail(`a bit of the file: ${JSON.stringify(outcome)}`)
      else proof.pass()
    }
    if (ended !== null) proof.fail(`the process ended with ${ended} at the flip of seed ${done + outcomes.length + 1}`)
    done += order.count
  }
  proof.figure({ name: 'flips of bits in the file', value: done, goal })
  for (const type of ['refused', 'detected', 'unchanged'] as const)
    proof.figure({ name: `of them ${type}`, value: tally[type] })
}

async function checkPlants(log: Log): Promise<void> {
  for (const plant of plants) tell(plant.bug, 'a flip', triesUntilMissed(log, plant))
  tell('a chain that leaves out the previous hash and the seq', 'a move', moveUnlinked(log))
  tell('a chain that leaves out the tenant and the session', 'a forgery', await forgeNameless(log, original, folder))
  tell('a check that looks at no chain', 'a flip in the file', await flipUnchecked())
}

function tell(bug: string, what: string, tries: number | null): void {
  if (tries === null) return proof.fail(`${bug}: there is not ${what} that shows it`)
  proof.pass()
  proof.caught({ bug, by: `${what} that it does not notice`, tries, of: 'cases' })
}

async function flipUnchecked(): Promise<number | null> {
  const order = { original, path: join(folder, 'unchecked.db'), from: 1, count: 20, heads: [], chains: 'none' } as const
  const { outcomes } = await flipRaw(order)
  const missed = outcomes.findIndex(({ type }) => type === 'missed')
  return missed === -1 ? null : missed + 1
}
