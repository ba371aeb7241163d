/** What a coverage mark can be read from at the border of a process: what it asked of the store, and what it was told. */
import type { Appended, Claimed, Erased, SessionRef, Store, UnconditionallyAppended } from '../../ports/index.ts'
import { keyOf } from './records.ts'
import type { Process } from './scheduler.ts'
import type { World } from './world.ts'

export type Answered = {
  readonly name: string
  readonly request: readonly unknown[]
  readonly result: unknown
  readonly isLost: boolean
}

export function noteAnswer(world: World, process: Process, { name, request, result, isLost }: Answered): void {
  // The answer is that of the store's member with this name, to this request.
  const note = notes[name] as ((world: World, process: Process, answered: never) => void) | undefined
  note?.(world, process, { request, result, isLost } as never)
}

type Note<Request extends readonly unknown[], Result> = (
  world: World,
  process: Process,
  answered: { readonly request: Request; readonly result: Result; readonly isLost: boolean },
) => void

type Notes = { readonly [key: string]: unknown } & {
  readonly append: Note<Parameters<Store['append']>, Appended>
  readonly appendLocked: Note<Parameters<Store['appendLocked']>, Appended | { readonly type: 'nothing' }>
  readonly appendUnconditionally: Note<Parameters<Store['appendUnconditionally']>, UnconditionallyAppended>
  readonly claim: Note<Parameters<Store['claim']>, Claimed>
  readonly release: Note<Parameters<Store['release']>, 'released' | 'refused'>
  readonly saveArtifact: Note<Parameters<Store['saveArtifact']>, unknown>
  readonly sweepArtifacts: Note<Parameters<Store['sweepArtifacts']>, number>
  readonly erase: Note<Parameters<Store['erase']>, Erased>
  readonly read: Note<Parameters<Store['read']>, unknown>
  readonly snapshot: Note<Parameters<Store['snapshot']>, unknown>
}

type Release = Parameters<Store['release']>[1]

/** P11: what is let go of waits for somebody, and says for whom, or for a moment. */
function checkRest({ records, violate }: World, ref: SessionRef, { fence, wakeAt }: Release): void {
  const record = records.find(ref)
  if (record === undefined || record.ended !== null || record.parked !== null) return
  // What becomes of a failed task may be asked while others wait for a moment.
  const isAside = wakeAt !== null && [...record.open.values()].every(({ subject }) => subject?.type === 'task')
  if (record.open.size > 0 && !isAside)
    violate(ref, 'P11 rest says for whom it waits', `${record.open.size} approvals are open`)
  if ([...record.asking.values()].some((asked) => asked.fence === fence))
    violate(ref, 'P11 rest has nothing under way', 'a model is asked')
  if (wakeAt === null) violate(ref, 'P11 rest waits for a moment or for somebody', 'nothing will ever wake it')
}

/** P3: who commits is who claimed the session last, whatever fence the request named; and it names that one. */
function checkHolder(world: World, process: Process, { ref, fence }: UnderFence): void {
  const claimed = process.fences.get(keyOf(ref)) ?? 0
  const newest = world.fences.get(keyOf(ref)) ?? 0
  if (Math.min(fence, claimed) >= newest) return
  const detail = `committed under fence ${fence} by who had claimed ${claimed}, of ${newest}`
  world.violate(ref, 'P3 an old fence commits nothing', detail)
}

type UnderFence = { readonly ref: SessionRef; readonly fence: number }

const intents: ReadonlySet<string> = new Set(['call_started', 'model_started'])

/** As docs/guarantees.md says: alone from the second death, parked at the third. */
const DEATHS_ALONE = 2
const DEATHS_PARKED = 3

const notes: Notes = {
  append: (world, process, { request: [append], result, isLost }) => {
    const { mark } = world
    const kinds = append.events.map(({ kind }) => kind)
    if (result.type === 'duplicate') mark('a command was repeated')
    const { ref, fence } = append
    if (fence === null) return
    if (result.type === 'appended') checkHolder(world, process, { ref, fence })
    if (result.type === 'appended' && append.head.isProgress) world.deaths.delete(keyOf(ref))
    if (result.type === 'fenced') mark('a driver was told that its fence is gone')
    if (result.type === 'conflict' && kinds.includes('call_finished'))
      mark('a conflict undone with a call outcome in it')
    if (result.type === 'appended' && isLost && kinds.some((kind) => intents.has(kind)))
      mark('commit whose answer was lost carried an intent')
  },
  appendLocked: (world, process, { request: [ref], result }) => {
    const { mark, records } = world
    if (result.type === 'duplicate') mark('a command was repeated')
    if (result.type !== 'appended') return
    // Who people speak through has never claimed anything.
    const claimed = process.fences.get(keyOf(ref))
    const isDriver = claimed !== undefined
    if (isDriver) {
      mark('a pass under the head row’s lock')
      checkHolder(world, process, { ref, fence: claimed })
    }
    const last = records.find(ref)?.log.slice(-2) ?? []
    if (!isDriver && last.some(({ event }) => event.type === 'approval_voted')) mark('vote under the head row’s lock')
  },
  appendUnconditionally: ({ mark }, _, { request: [{ event }], result, isLost }) => {
    if (result.type === 'duplicate') mark('a command was repeated')
    if (isLost && result.type === 'appended' && event.kind === 'cancel_requested')
      mark('commit whose answer was lost carried a cancel')
  },
  claim: ({ mark, records, fences, deaths, doomed }, process, { request: [ref, { alone }], result }) => {
    if (result.type !== 'claimed') return
    const key = keyOf(ref)
    process.fences.set(key, result.fence)
    fences.set(key, result.fence)
    if (result.deaths >= DEATHS_PARKED || (result.deaths >= DEATHS_ALONE && !alone)) doomed.set(key, result.fence)
    if (alone) mark('a session driven alone')
    const isTakenOver = result.deadFence > 0 || result.deaths > (deaths.get(key) ?? 0)
    if (isTakenOver && records.find(ref)?.plan.proposed != null) mark('a worker was lost while a plan was looked at')
    if (result.deadFence > 0) mark('claimed from a dead holder')
    else if (result.deaths > (deaths.get(key) ?? 0)) mark('claimed from a lease that ran out')
    deaths.set(key, result.deaths)
  },
  release: (world, _, { request: [ref, release], result, isLost }) => {
    const { mark, records, deaths } = world
    const { version, rested } = release
    if (result === 'released' && rested) checkRest(world, ref, release)
    if (result === 'released' && isLost) mark('a release was applied and its answer lost')
    if (result === 'released' && rested) deaths.delete(keyOf(ref))
    const length = records.find(ref)?.log.length ?? 0
    if (result === 'refused' && length > version) mark('a release refused since the log had moved')
  },
  read: ({ mark, records }, process, { request: [ref, after] }) => {
    const fence = process.fences.get(keyOf(ref))
    const tail = records.find(ref)?.log.slice(after) ?? []
    if (fence !== undefined && tail.some(({ event }) => 'fence' in event && event.fence > fence))
      mark('an old activation read a newer one’s intent')
  },
  saveArtifact: ({ mark }, _, { isLost }) => {
    if (isLost) mark('an answer to the saving of an artifact was lost')
  },
  sweepArtifacts: ({ mark }, _, { result }) => {
    if (result > 0) mark('an orphan was swept')
  },
  erase: ({ mark }, _, { result }) => {
    if (result.type === 'erased' && result.events > 0) mark('a session was erased')
  },
  snapshot: ({ mark }, _, { result }) => {
    if (result !== null) mark('a state was loaded from a snapshot')
  },
}
