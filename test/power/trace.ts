/** A trace as a list of steps on one disk, and moments in it at which the power may be cut. */
import { basename, dirname, relative } from 'node:path'
import type { Random } from '../kill/random.ts'
import { randomOf } from '../kill/random.ts'
import { type Acknowledged, createAcknowledged, parseSaid } from './acknowledged.ts'
import { createDisk } from './disk.ts'
import { buildImage, garbage, type Image } from './image.ts'
import { type Phase, phasesOf } from './phases.ts'
import { type Step, stepOf } from './steps.ts'
import { readStrace, TraceError } from './strace-text.ts'
import type { Acknowledgement } from './writer-orders.ts'

export type Trace = {
  readonly steps: readonly Step[]
  /** The folder that stood before, and the store's file in it or below. */
  readonly rootPath: string
  readonly storePath: string
  /** What the writer said in all, in order. */
  readonly said: readonly Acknowledgement[]
}

/** Throws `TraceError` where the trace cannot be read, or the writer did not come to its end. */
export function readTrace(text: string, { rootPath, storePath }: Pick<Trace, 'rootPath' | 'storePath'>): Trace {
  const steps: Step[] = []
  for (const call of readStrace(text)) {
    const step = stepOf(call)
    if (step !== null) steps.push(step)
  }
  const said = steps.flatMap((step) => (step.type === 'say' ? parseSaid(step.text) : []))
  if (said.at(-1)?.type !== 'done') throw new TraceError('expected the writer to come to its end')
  return { steps, rootPath, storePath, said }
}

export type Cut = {
  readonly number: number
  /** Of the trace's steps, this many had been done. */
  readonly steps: number
  readonly phases: readonly Phase[]
  readonly image: Image
  /** What had been said by then. It is only right until the next image is asked for. */
  readonly acknowledged: Acknowledged
}

export type CutOptions = {
  readonly count: number
  readonly seed: string
  /** For planted bugs: see `createDisk`. */
  readonly liesAbout?: (name: string) => boolean
}

/** How often a cut is chosen by its phase, so that short phases are seen too; else every step is as likely as another. */
const BY_PHASE = 0.5
const WITH_INDEX = 0.1

/** Images of the disk at moments that the seed chooses, in the order of the trace. */
export function* cutTrace(trace: Trace, options: CutOptions): Generator<Cut> {
  const random = randomOf(options.seed, 'cuts')
  const moments = findMoments(trace, options)
  const chosen = chooseMoments(moments, options.count, random)
  const folderPath = dirname(trace.storePath)
  const path = relative(trace.rootPath, folderPath).split('/')
  const disk = createDisk(trace.rootPath, options.liesAbout)
  const acknowledged = createAcknowledged()
  let done = 0
  for (const [number, { steps, phases }] of chosen.entries()) {
    for (const step of trace.steps.slice(done, steps)) {
      disk.apply(step)
      if (step.type === 'say') for (const each of parseSaid(step.text)) acknowledged.add(each)
    }
    done = steps
    const imageRandom = randomOf(options.seed, number)
    const image = buildImage(disk, path, imageRandom)
    if (imageRandom.chance(WITH_INDEX) && image.files.size > 0)
      image.files.set(`${basename(trace.storePath)}-shm`, garbage(imageRandom))
    yield { number, steps, phases, image, acknowledged }
  }
}

type Moment = { readonly steps: number; readonly phases: readonly Phase[] }

/** After each step that changed the disk, or that said something. */
function findMoments(trace: Trace, { liesAbout }: CutOptions): readonly Moment[] {
  const disk = createDisk(trace.rootPath, liesAbout)
  const folderPath = dirname(trace.storePath)
  const moments: Moment[] = []
  for (const [index, step] of trace.steps.entries()) {
    const isMoment = disk.apply(step) || step.type === 'say'
    if (isMoment) moments.push({ steps: index + 1, phases: phasesOf(disk, folderPath) })
  }
  return moments
}

function chooseMoments(moments: readonly Moment[], count: number, random: Random): readonly Moment[] {
  const byPhase = [
    ...Map.groupBy(
      moments.flatMap(({ phases }, at) => phases.map((phase) => ({ phase, at }))),
      (each) => each.phase,
    ).values(),
  ]
  const choose = (): number =>
    random.chance(BY_PHASE) ? random.pick(random.pick(byPhase)).at : random.between(0, moments.length - 1)
  const places = Array.from({ length: count }, choose).sort((one, other) => one - other)
  return places.flatMap((place) => moments[place] ?? [])
}
