/**
 * Tools that misbehave, with real processes: they exit, block the event loop, take all memory, or go on after they were given up.
 * What needs no process of its own is in the tests of this folder.
 *
 *     node --conditions=pawl-source test/tools/main.ts [--size night] [--only stall|isolation|orphan|boot|death|late] [--seed s]
 *
 * The seed repeats when runtimes are killed; the machine adds its own chance.
 */
import { defaultLimits } from 'pawl/core'
import { randomOf } from '../kill/random.ts'
import { openProof } from '../prove/proof.ts'
import { bootRound } from './boot-round.ts'
import { deathRound } from './death-round.ts'
import { hoardRound } from './hoard.ts'
import { type Isolation, isolations } from './isolated-run.ts'
import { isolationRound, orphanRound } from './isolation-round.ts'
import { lateRound } from './late-round.ts'
import type { StallBug } from './orders.ts'
import { soleRound, stallRound } from './stall-round.ts'
import { startMs } from './start-time.ts'
import { type Kind, takeTurns } from './turns.ts'

const proof = openProof('tools', { only: { type: 'string' }, seed: { type: 'string' } })
const seed = proof.values.seed ?? String(Date.now())
const MAX_PLANTED_ROUNDS = 3
const SHORT = { leaseMs: 10_000, stallMs: 400, noticeMs: 50, graceMs: 500 }
const BLOCK_MS = 2_000
/** A process boots in some 400 ms, and then pays for 1,500. */
const MAX_KILL_MS = 1_200
/** In the midst of the boot. */
const BOOTING_MS = 200
/** With the limits as they ship. */
const LONG_BLOCK_MS = 10_000
const { leaseMs, stallMs, noticeMs, graceMs } = defaultLimits
const SHIPPED = { leaseMs, stallMs, noticeMs, graceMs }

const takeovers: number[] = []
const longTakeovers: number[] = []

/** `name`: of its figure; null for a planted bug, which has none. */
type Rounds = Kind & { readonly of: string; readonly name: string | null }
type Sizes = { readonly small: number; readonly night: number }

const leads: number[] = []
const boots = { rounds: 0, lost: 0, begun: 0 }
let starts = 0
let nativeCrashes = 0
const wants = (of: string) => proof.values.only === undefined || proof.values.only === of
// The long block plays beside what watches no time.
const groups = [
  [blocked()],
  [soleBlocked(), ...blockedPlants()],
  isolations.flatMap(spun),
  [orphaned(), ...booted()],
  [blockedLong(), died(), ...late(), ...isolations.map(hoarded)],
].map((group) => group.filter(({ of }) => wants(of)))
const played = await takeTurns(groups, proof.isTimeUp)
for (const [{ name, goal }, value] of played) if (name !== null) proof.figure({ name, value, goal })
if (wants('stall')) tellTakeovers()
if (wants('isolation')) {
  proof.figure({ name: 'processes that V8 ended because a thread of theirs took all memory', value: nativeCrashes })
  await tellStarts()
}
if (wants('boot')) tellBoots()
if (wants('death'))
  proof.figure({ name: 'starts of `pawl work` until every deadly session was parked, at most', value: starts })
proof.notTested(
  'A tool that blocks the loop inside a policy while a commit holds the lock of the database: the watch then waits for the same lock.',
)
proof.notTested(
  'A process that a tool has started, and that has left its process group (a daemon): nothing ends it with the call.',
)
proof.notTested(
  'A tool in a thread of its own that waits inside the operating system, or crashes in native code: a thread cannot be ended there, and takes the process along.',
)
proof.close()

/** Rounds, each of which may find something wrong. */
function rounds(of: string, name: string, more: { sizes: Sizes; play(): Promise<readonly string[]> }): Rounds {
  return { of, name, goal: proof.pick(more.sizes), play: async () => judge(name, await more.play()) }
}

function judge(name: string, violations: readonly string[]): void {
  if (violations.length === 0) return proof.pass()
  for (const violation of violations) proof.fail(`${name}: ${violation}`)
}

/** Plays rounds with the bug until the right check notices it. */
function hunt(of: string, bug: string, more: { by: string; play(): Promise<readonly string[]> }): Rounds {
  const { by, play } = more
  return {
    of,
    name: null,
    goal: 1,
    play: async () => {
      for (let tries = 1; tries <= MAX_PLANTED_ROUNDS; tries += 1) {
        const noticed = (await play()).find((violation) => violation.startsWith(`${by}:`))
        if (noticed === undefined) continue
        proof.caught({ bug, by, tries, of: 'rounds' })
        return proof.pass()
      }
      proof.fail(`not caught in ${MAX_PLANTED_ROUNDS} rounds: ${bug}`)
    },
  }
}

function late(): readonly Rounds[] {
  const name = 'abandoned tools that answered late, of each effect class'
  const bug = 'a late answer of an abandoned tool that is fed to the model'
  return [
    rounds('late', name, { sizes: { small: 1, night: 20 }, play: () => lateRound(false) }),
    hunt('late', bug, { by: 'told', play: () => lateRound(true) }),
  ]
}

async function stall(blockMs: number, limits: typeof SHORT, into: number[]): Promise<readonly string[]> {
  const { violations, takeoverMs } = await stallRound({ blockMs, limits, bug: null })
  if (takeoverMs !== null) into.push(takeoverMs)
  return violations
}

function blocked(): Rounds {
  const play = () => stall(BLOCK_MS, SHORT, takeovers)
  return rounds('stall', 'event loops blocked for 2 s', { sizes: { small: 1, night: 100 }, play })
}

function blockedLong(): Rounds {
  const name = 'event loops blocked for 10 s, under the default limits'
  const play = () => stall(LONG_BLOCK_MS, SHIPPED, longTakeovers)
  return rounds('stall', name, { sizes: { small: 1, night: 20 }, play })
}

function soleBlocked(): Rounds {
  const name = 'event loops blocked by the only session of a worker, which kept it'
  return rounds('stall', name, { sizes: { small: 1, night: 20 }, play: () => soleRound(BLOCK_MS, SHORT) })
}

function blockedPlants(): readonly Rounds[] {
  const play = (bug: StallBug) => async () => (await stallRound({ blockMs: BLOCK_MS, limits: SHORT, bug })).violations
  return [
    hunt('stall', 'a watch beside the loop that never gives the lease up', {
      by: 'takeover',
      play: play('never_gives_up'),
    }),
    hunt('stall', 'a stalled worker that is taken for a dead one', { by: 'lost', play: play('stalled_is_dead') }),
  ]
}

function tellTakeovers(): void {
  tellTakeover(`of ${SHORT.stallMs} ms`, takeovers)
  tellTakeover(`of ${stallMs} ms (default)`, longTakeovers)
}

function tellTakeover(of: string, tookMs: readonly number[]): void {
  if (tookMs.length === 0) return
  proof.figure({
    name: `slowest takeover from a blocked worker, stallMs ${of}`,
    value: Math.max(...tookMs),
    unit: 'ms',
  })
}

function spun(isolation: Isolation): readonly Rounds[] {
  const name = `tools that blocked the loop of their ${isolation}, and were ended after the grace`
  const bug = `an isolated tool (${isolation}) that is not ended after the grace`
  const play = (isKillForgotten: boolean) => () =>
    isolationRound({ isolation, module: 'worker-spin-tool', isKillForgotten })
  return [
    rounds('isolation', name, { sizes: { small: 1, night: 100 }, play: play(false) }),
    hunt('isolation', bug, { by: 'lives', play: play(true) }),
  ]
}

function hoarded(isolation: Isolation): Rounds {
  const crashed = () => {
    nativeCrashes += 1
  }
  // A thread could take the whole proof along.
  const play = () =>
    isolation === 'worker'
      ? hoardRound(crashed)
      : isolationRound({ isolation, module: 'worker-hoard-tool', isKillForgotten: false })
  const name = `tools that took all memory of their ${isolation}`
  return rounds('isolation', name, { sizes: { small: 1, night: 100 }, play })
}

async function tellStarts(): Promise<void> {
  for (const each of isolations)
    proof.figure({
      name: `start of a tool in a ${each} of its own, with its answer, median`,
      value: await startMs(each),
      unit: 'ms',
    })
}

function orphaned(): Rounds {
  const name = 'killed runtimes, with a tool of theirs in a process of its own, and a process that it had started'
  return rounds('orphan', name, { sizes: { small: 1, night: 100 }, play: orphanRound })
}

function booted(): readonly Rounds[] {
  const name = 'runtimes killed at a random instant while processes of unsafe calls booted and ran'
  const bug = 'a process of an unsafe call that begins without looking whether its runtime lives'
  const planted = async () => (await bootRound({ killAfterMs: BOOTING_MS, isPlanted: true })).violations
  return [
    rounds('boot', name, { sizes: { small: 2, night: 300 }, play: bootOnce }),
    hunt('boot', bug, { by: 'lost', play: planted }),
  ]
}

async function bootOnce(): Promise<readonly string[]> {
  boots.rounds += 1
  const round = boots.rounds
  const killAfterMs = randomOf(seed, 'boot', round).next() * MAX_KILL_MS
  const found = await bootRound({ killAfterMs, isPlanted: false })
  boots.lost += found.lost
  boots.begun += found.begun
  if (found.leadMs !== null) leads.push(found.leadMs)
  const at = `round ${round} of --only boot --seed ${seed}, killed after ${killAfterMs} ms`
  return found.violations.map((violation) => `${violation} (${at})`)
}

function tellBoots(): void {
  const { lost, begun } = boots
  proof.figure({ name: 'unsafe calls of killed runtimes that were taken for lost', value: lost })
  proof.figure({ name: 'of them, calls that had begun to take effect', value: begun })
  if (leads.length > 0)
    proof.figure({ name: 'shortest time from a last effect to its call_lost', value: Math.min(...leads), unit: 'ms' })
}

function died(): Rounds {
  const play = async () => {
    const found = await deathRound()
    starts = Math.max(starts, found.starts)
    return found.violations
  }
  const name = 'rounds of `pawl work` over tools that end its process'
  return rounds('death', name, { sizes: { small: 1, night: 50 }, play })
}
