/**
 * Full disk: the support-triage case, approval included, with the room running out at every step of it.
 *
 * `--size small` (default): each step once, on a disk without a free block and in a file with a limit. `--size night`: also crowds of
 * sessions, drawn by seeds. `--step N`: one step; `--seed N`: one crowd.
 */
import { openProof } from '../prove/proof.ts'
import { wholeNumberOf } from '../prove/whole-number.ts'
import { hire, nameOf, type Played, tryMount } from './hire.ts'
import type { Order, Variant } from './orders.ts'
import { type PlantName, plants, plantsOf } from './plants.ts'

const proof = openProof('disk', { step: { type: 'string' }, seed: { type: 'string' } })
const CROWDS_AT_ONCE = 20
/** Of seeds for each crowd that is asked for: a crowd may be over before its step. */
const MOST_SEEDS_PER_CROWD = 5

const tally = { rounds: 0, refusals: 0, cancels: 0, fullCrowds: 0, over: 0, nothingToCancel: 0 }
const mounting = tryMount()
const variants: readonly Variant[] = mounting.type === 'works' ? ['disk', 'pages'] : ['pages']
if (mounting.type === 'refused') proof.skip('a full disk: mounting one is not allowed here')
if (mounting.type === 'missing') proof.skip('a full disk: unshare is not installed')
if (mounting.type === 'failed') proof.fail(`a full disk: expected to mount one or to be refused; ${mounting.why}`)

const { step, seed } = proof.values
const isCustom = step !== undefined || seed !== undefined
if (isCustom) {
  const steps = step === undefined ? 'none' : wholeNumberOf('step', step, 0)
  const seeds = seed === undefined ? [] : [wholeNumberOf('seed', seed, 0)]
  for (const variant of variants) await play({ variant, steps, seeds, withPlants: false })
} else {
  const withPlants = (variant: Variant) => variant === variants[0]
  await Promise.all(
    variants.map((variant) => play({ variant, steps: 'all', seeds: [], withPlants: withPlants(variant) })),
  )
  await playCrowds(proof.pick({ small: 0, night: 200 }))
}

proof.figure({ name: 'rounds', value: tally.rounds })
proof.figure({ name: 'writes refused', value: tally.refusals })
proof.figure({ name: 'cancels recorded without room', value: tally.cancels })
proof.figure({ name: 'rounds in which there was nothing to cancel', value: tally.nothingToCancel })
if (tally.over > 0) proof.figure({ name: 'crowds that were over before the room ran out', value: tally.over })
proof.notTested('A disk that says that it has room and fails later (thin provisioning), and quotas of users.')
proof.notTested(
  'A cancel in whose commit the index of the write-ahead log has to grow, every 4,000 pages of a log that cannot be checkpointed.',
)
proof.close()

async function play(order: Omit<Order, 'folder'>): Promise<void> {
  const { played, problem } = await hire(order)
  if (problem !== null) proof.fail(`${order.variant}, the worker: ${problem}`)
  for (const each of played) if (each.round.plant === null) judge(order.variant, each)
  if (order.withPlants) for (const name of plantsOf(order.variant)) judgePlant(name, played)
}

function judge(variant: Variant, { round, findings, refusals, cancels }: Played): void {
  tally.rounds += 1
  tally.refusals += refusals
  tally.cancels += cancels
  const where = `${variant}, ${nameOf(round)}`
  const ranOut = refusals > 0
  for (const { check, found } of findings) proof.fail(`${where}: ${check}: ${found}`)
  // A crowd's step may lie behind its end; a single session's never does.
  if (!ranOut && round.seed === null) proof.fail(`${where}: the room did not run out`)
  if (!ranOut && round.seed !== null) tally.over += 1
  if (ranOut && round.seed !== null) tally.fullCrowds += 1
  const hadNothingToCancel = round.mode !== 'wait' && cancels === 0
  if (hadNothingToCancel && findings.length === 0) tally.nothingToCancel += 1
  if (ranOut && !hadNothingToCancel && findings.length === 0) proof.pass()
}

function judgePlant(name: PlantName, played: readonly Played[]): void {
  const { bug, caughtBy } = plants[name]
  const tries = played.filter(({ round }) => round.plant === name)
  if (tries.at(-1)?.findings.some(({ check }) => check === caughtBy) !== true)
    return proof.fail(`${bug}: not noticed in ${tries.length} rounds`)
  proof.pass()
  proof.caught({ bug, by: caughtBy, tries: tries.length, of: 'rounds' })
}

async function playCrowds(goal: number): Promise<void> {
  const variant = variants[0] ?? 'pages'
  const mostSeeds = MOST_SEEDS_PER_CROWD * goal
  let drawn = 0
  while (tally.fullCrowds < goal && drawn < mostSeeds && !proof.isTimeUp()) {
    const length = Math.min(CROWDS_AT_ONCE, goal - tally.fullCrowds)
    const first = drawn + 1
    const seeds = Array.from({ length }, (_, index) => first + index)
    await play({ variant, steps: 'none', seeds, withPlants: false })
    drawn += length
  }
  if (goal === 0) return
  proof.figure({ name: 'crowds in which the room ran out', value: tally.fullCrowds, goal })
  if (drawn >= mostSeeds && tally.fullCrowds < goal) proof.fail(`the room ran out in too few of ${drawn} crowds`)
}
