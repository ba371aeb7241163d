/**
 * The power is lost, at any moment, and nothing that was acknowledged is.
 *
 *     npm run prove -- power [--images 600] [--traces 1] [--seed s]
 *
 * A writer runs sessions on the real store under strace. Its writes, syncs, new and removed names, and what it acknowledged, in their
 * order, give the disks that a loss of power may leave behind (`disk.ts` and `image.ts` are the model). Each is opened as a store.
 * The writer's machine adds its own chance to a seed, so a failing image is kept in `.tmp/power/`.
 */
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { randomOf } from '../kill/random.ts'
import { openProof } from '../prove/proof.ts'
import { wholeNumberOf } from '../prove/whole-number.ts'
import { type Acknowledged, createAcknowledged } from './acknowledged.ts'
import { checkImage, type Violation } from './check-image.ts'
import { type Phase, phases } from './phases.ts'
import { type Plant, plants } from './planted.ts'
import { recordTrace, whyNoTrace } from './record-trace.ts'
import { type Cut, cutTrace, type Trace } from './trace.ts'
import type { WriterOrders } from './writer-orders.ts'

/** Enough for the log to be taken into the file, and to start over, some times in each life. */
const FULL_RUN = { lives: 3, sessionsInALife: 30 } as const
const SHORT_RUN = { lives: 1, sessionsInALife: 8 } as const
const MAX_PLANTED_IMAGES = 100
/** What is wrong with so many images of one trace is the same thing. */
const MAX_FAILURES = 5
/** A trace is some 30 MB of text. */
const MIN_MEMORY_BYTES = 256 * 1_024 * 1_024

const notTested = [
  'A power loss while the store recovers from another one, and two processes that write to one file when the power goes.',
  'Files of artifacts beside the database: the traced sessions have none.',
  'Disks that say a sync is done when it is not, and sectors of 512 bytes of which a part is written.',
] as const

const proof = openProof('power', {
  images: { type: 'string' },
  traces: { type: 'string' },
  seed: { type: 'string' },
})
const { values } = proof
const seed = values.seed ?? String(Date.now())
const images = countOf('images') ?? proof.pick({ small: 600, night: 20_000 })
const traces = countOf('traces') ?? proof.pick({ small: 1, night: 10 })
const controls = proof.pick({ small: 100, night: 600 })
const kept = fileURLToPath(new URL('../../.tmp/power', import.meta.url))
const scratch = mkdtempSync(join(memoryFolder(), 'pawl-power-'))
const seen = new Map<Phase, number>()
const totals = { images: 0, appends: 0, syncs: 0 }

const reason = whyNoTrace()
try {
  if (reason !== null) proof.skip(`power loss: ${reason}`)
  else await prove()
} catch (error) {
  proof.fail(error instanceof Error ? `${error.stack}` : String(error))
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
proof.close()

function countOf(flag: 'images' | 'traces'): number | undefined {
  const given = values[flag]
  return given === undefined ? undefined : wholeNumberOf(flag, given)
}

async function prove(): Promise<void> {
  const first = await record(FULL_RUN, 1)
  for (const plant of plants) await hunt(plant, first)
  await control()
  await cutAll(first, 1)
  for (let number = 2; number <= traces && !proof.isTimeUp(); number += 1)
    await cutAll(await record(FULL_RUN, number), number)
  proof.figure({ name: 'images of a disk after the power was lost', value: totals.images, goal: images })
  proof.figure({ name: 'appends acknowledged in the traces', value: totals.appends })
  proof.figure({ name: 'syncs in the traces', value: totals.syncs })
  // The keys of an object that is written in phases.ts.
  for (const phase of Object.keys(phases) as Phase[]) {
    const value = seen.get(phase) ?? 0
    proof.figure({ name: `images cut while ${phase}`, value })
    if (value > 0 || values.images !== undefined) continue
    if (proof.isTimeUp()) proof.skip(`no image was cut while ${phase} before time was up`)
    else proof.fail(`no image was cut while ${phase}: those that were prove less`)
  }
  for (const sentence of notTested) proof.notTested(sentence)
}

type Run = Pick<WriterOrders, 'lives' | 'sessionsInALife'> & Partial<Pick<WriterOrders, 'durability' | 'bug'>>

function record({ durability = 'power_loss', bug = null, ...run }: Run, number: number): Promise<Trace> {
  return recordTrace(join(scratch, 'trace'), { seed: `${seed}-${number}`, durability, bug, ...run })
}

async function cutAll(trace: Trace, number: number): Promise<void> {
  totals.appends += trace.said.filter(({ type }) => type === 'appended').length
  totals.syncs += trace.steps.filter(({ type }) => type === 'sync').length
  const everything = createAcknowledged(trace.said)
  const cutSeed = `${seed}-${number}`
  let failures = 0
  for (const cut of cutTrace(trace, { count: Math.ceil(images / traces), seed: cutSeed })) {
    if (proof.isTimeUp() || failures === MAX_FAILURES) break
    const [violation] = await check(cut, everything)
    totals.images += 1
    for (const phase of cut.phases) seen.set(phase, (seen.get(phase) ?? 0) + 1)
    if (violation === undefined) proof.pass()
    else proof.fail(tell(cut, violation, `${cutSeed}-${cut.number}`))
    failures += violation === undefined ? 0 : 1
  }
}

function check({ image, acknowledged }: Cut, everything: Acknowledged): Promise<readonly Violation[]> {
  return checkImage(image, join(scratch, 'image'), { before: acknowledged, everything })
}

/** Keeps the image, since another run of the writer gives another trace. */
function tell({ steps, phases, image }: Cut, { check, found }: Violation, name: string): string {
  const folder = join(kept, name)
  mkdirSync(folder, { recursive: true })
  for (const [file, content] of image.files) writeFileSync(join(folder, file), content)
  return `image ${name} (in .tmp/power), after ${steps} steps, while ${phases.join(', ')}, ${image.modes.join('; ')}: ${check}: ${found}`
}

/** `process_crash` promises less: it must be found to lose what it acknowledged, and nothing else may be wrong with it. */
async function control(): Promise<void> {
  const trace = await record({ ...FULL_RUN, durability: 'process_crash' }, 1)
  const everything = createAcknowledged(trace.said)
  let lost = 0
  let first = 0
  for (const cut of cutTrace(trace, { count: controls, seed: `${seed}-control` })) {
    const violations = await check(cut, everything)
    const other = violations.find(({ check }) => check !== 'acknowledged')
    if (other !== undefined) proof.fail(`process_crash: ${tell(cut, other, `${seed}-control-${cut.number}`)}`)
    if (violations.length === 0) continue
    lost += 1
    if (lost === 1) first = cut.number + 1
  }
  const bug = 'every commit is acknowledged without a sync (synchronous=NORMAL)'
  if (lost === 0) return proof.fail(`not caught in ${controls} images: ${bug}`)
  proof.pass()
  proof.caught({ bug, by: 'acknowledged', tries: first, of: 'images' })
  proof.figure({
    name: 'images that lost acknowledged events where durability is process_crash',
    value: lost,
    unit: `of ${controls}`,
  })
}

/** Makes images with the bug until the right check notices it. */
async function hunt(plant: Plant, first: Trace): Promise<void> {
  const trace = plant.type === 'writer' ? await record({ ...SHORT_RUN, bug: plant.writer }, 1) : first
  const everything = createAcknowledged(trace.said)
  const lies = plant.type === 'disk' ? { liesAbout: plant.liesAbout } : {}
  const random = randomOf(seed, plant.bug)
  let tries = 0
  for (const cut of cutTrace(trace, { count: MAX_PLANTED_IMAGES, seed: `${seed}-${plant.bug}`, ...lies })) {
    const isPlanted = plant.type !== 'image' || (cut.phases.includes('at rest') && plant.hurt(cut.image, random))
    if (!isPlanted) continue
    tries += 1
    const noticed = (await check(cut, everything)).find(({ check }) => plant.caughtBy.includes(check))
    if (noticed === undefined) continue
    proof.pass()
    return proof.caught({ bug: plant.bug, by: noticed.check, tries, of: 'images' })
  }
  proof.fail(`not caught in ${tries} images: ${plant.bug}`)
}

/** Images are written and removed by the thousands: in memory, where the machine has a folder for it with room. */
function memoryFolder(): string {
  try {
    accessSync('/dev/shm', constants.W_OK)
    const { bavail, bsize } = statfsSync('/dev/shm')
    return bavail * bsize < MIN_MEMORY_BYTES ? tmpdir() : '/dev/shm'
  } catch {
    return tmpdir()
  }
}
