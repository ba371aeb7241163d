/**
 * Tools that misbehave, with real processes: they exit, block the event loop, take all memory, or go on after they were given up.
 * What needs no process of its own is in the tests of this folder.
 *
 *     node --conditions=pawl-source test/tools/main.ts [--size night] [--only stall|isolation|orphan|boot|death|late]
 */
import { tool } from 'pawl'
import { defaultLimits } from 'pawl/core'
import type { ToolContext } from 'pawl/ports'
import { z } from 'zod'
import { openProof } from '../prove/proof.ts'
import { bootRound } from './boot-round.ts'
import { deathRound } from './death-round.ts'
import { isolationRound, orphanRound } from './isolation-round.ts'
import { lateRound } from './late-round.ts'
import type { StallBug } from './orders.ts'
import { soleRound, stallRound } from './stall-round.ts'

const proof = openProof('tools', { only: { type: 'string' } })
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
const isolations = ['worker', 'process'] as const

const wants = (name: string) => proof.values.only === undefined || proof.values.only === name
if (wants('late')) await late()
if (wants('stall')) await stall()
if (wants('isolation')) await isolation()
await Promise.all([wants('orphan') && orphan(), wants('boot') && boot()])
if (wants('death')) await death()
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

type Sizes = { readonly small: number; readonly night: number }

/** Plays rounds, each of which may find something wrong. */
async function rounds(name: string, sizes: Sizes, play: () => Promise<readonly string[]>): Promise<void> {
  const goal = proof.pick(sizes)
  if (goal === 0) return
  let played = 0
  while (played < goal && !proof.isTimeUp()) {
    judge(name, await play())
    played += 1
  }
  proof.figure({ name, value: played, goal })
}

function judge(name: string, violations: readonly string[]): void {
  if (violations.length === 0) return proof.pass()
  for (const violation of violations) proof.fail(`${name}: ${violation}`)
}

/** Plays rounds with the bug until the right check notices it. */
async function hunt(bug: string, by: string, play: () => Promise<readonly string[]>): Promise<void> {
  for (let tries = 1; tries <= MAX_PLANTED_ROUNDS; tries += 1) {
    const noticed = (await play()).find((violation) => violation.startsWith(`${by}:`))
    if (noticed === undefined) continue
    proof.caught({ bug, by, tries, of: 'rounds' })
    return proof.pass()
  }
  proof.fail(`not caught in ${MAX_PLANTED_ROUNDS} rounds: ${bug}`)
}

async function late(): Promise<void> {
  await rounds('abandoned tools that answered late, of each effect class', { small: 1, night: 20 }, () =>
    lateRound(false),
  )
  await hunt('a late answer of an abandoned tool that is fed to the model', 'told', () => lateRound(true))
}

async function stall(): Promise<void> {
  const play = async (blockMs: number, limits: typeof SHORT, into: number[]) => {
    const { violations, takeoverMs } = await stallRound({ blockMs, limits, bug: null })
    if (takeoverMs !== null) into.push(takeoverMs)
    return violations
  }
  await rounds('event loops blocked for 2 s', { small: 1, night: 100 }, () => play(BLOCK_MS, SHORT, takeovers))
  tellTakeover(`of ${SHORT.stallMs} ms`, takeovers)
  await rounds('event loops blocked for 10 s, under the default limits', { small: 0, night: 20 }, () =>
    play(LONG_BLOCK_MS, SHIPPED, longTakeovers),
  )
  tellTakeover(`of ${stallMs} ms (default)`, longTakeovers)
  const planted = async (bug: StallBug) => (await stallRound({ blockMs: BLOCK_MS, limits: SHORT, bug })).violations
  await Promise.all([
    rounds('event loops blocked by the only session of a worker, which kept it', { small: 1, night: 20 }, () =>
      soleRound(BLOCK_MS, SHORT),
    ),
    hunt('a watch beside the loop that never gives the lease up', 'takeover', () => planted('never_gives_up')),
    hunt('a stalled worker that is taken for a dead one', 'lost', () => planted('stalled_is_dead')),
  ])
}

function tellTakeover(of: string, tookMs: readonly number[]): void {
  if (tookMs.length === 0) return
  proof.figure({
    name: `slowest takeover from a blocked worker, stallMs ${of}`,
    value: Math.max(...tookMs),
    unit: 'ms',
  })
}

async function isolation(): Promise<void> {
  await Promise.all(
    isolations.map(async (each) => {
      const play = (module: 'worker-spin-tool' | 'worker-hoard-tool', isKillForgotten = false) =>
        isolationRound({ isolation: each, module, isKillForgotten })
      const sizes = { small: 1, night: 100 }
      const spun = `tools that blocked the loop of their ${each}, and were ended after the grace`
      await Promise.all([
        rounds(spun, sizes, () => play('worker-spin-tool')),
        hunt(`an isolated tool (${each}) that is not ended after the grace`, 'lives', () =>
          play('worker-spin-tool', true),
        ),
      ])
      await rounds(`tools that took all memory of their ${each}`, sizes, () => play('worker-hoard-tool'))
    }),
  )
  for (const each of isolations)
    proof.figure({
      name: `start of a tool in a ${each} of its own, with its answer, median`,
      value: await startMs(each),
      unit: 'ms',
    })
}

/** Of five calls of a tool that answers at once. */
async function startMs(isolation: 'worker' | 'process'): Promise<number> {
  const terms = { name: 'beside', description: 'Runs beside.', effect: 'read', input: z.object({}) } as const
  const beside = tool({ ...terms, isolation, module: new URL('./worker-tool.ts', import.meta.url) })
  const took: number[] = []
  for (let calls = 0; calls < 5; calls += 1) {
    const startedAt = performance.now()
    // A context of which the tool reads nothing but this.
    const context = { idempotencyKey: 'k', context: {}, signal: new AbortController().signal } as unknown as ToolContext
    await beside.run({ deed: 'key' } as never, context)
    took.push(performance.now() - startedAt)
  }
  return Math.round(took.sort((one, other) => one - other)[2] ?? 0)
}

function orphan(): Promise<void> {
  const name = 'killed runtimes, with a tool of theirs in a process of its own, and a process that it had started'
  return rounds(name, { small: 1, night: 100 }, orphanRound)
}

async function boot(): Promise<void> {
  const leads: number[] = []
  let lost = 0
  let begun = 0
  const play = async () => {
    const found = await bootRound({ killAfterMs: Math.random() * MAX_KILL_MS, isPlanted: false })
    lost += found.lost
    begun += found.begun
    if (found.leadMs !== null) leads.push(found.leadMs)
    return found.violations
  }
  const name = 'runtimes killed at a random instant while processes of unsafe calls booted and ran'
  await Promise.all([
    rounds(name, { small: 2, night: 300 }, play),
    hunt('a process of an unsafe call that begins without looking whether its runtime lives', 'lost', async () => {
      const { violations } = await bootRound({ killAfterMs: BOOTING_MS, isPlanted: true })
      return violations
    }),
  ])
  proof.figure({ name: 'unsafe calls of killed runtimes that were taken for lost', value: lost })
  proof.figure({ name: 'of them, calls that had begun to take effect', value: begun })
  if (leads.length > 0)
    proof.figure({ name: 'shortest time from a last effect to its call_lost', value: Math.min(...leads), unit: 'ms' })
}

async function death(): Promise<void> {
  let starts = 0
  await rounds('rounds of `pawl work` over tools that end its process', { small: 1, night: 50 }, async () => {
    const found = await deathRound()
    starts = Math.max(starts, found.starts)
    return found.violations
  })
  proof.figure({ name: 'starts of `pawl work` until every deadly session was parked, at most', value: starts })
}
