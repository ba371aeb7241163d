/** One seed, one world: processes that die and freeze, people, faults that stop, and a drain in which everything must come to rest. */
import { fold } from '../../core/index.ts'
import type { SessionRef, Store } from '../../ports/index.ts'
import { type AgentOptions, decodeEvent, type Wiring } from '../../runtime/index.ts'
import { memoryStore } from '../../stores/memory.ts'
import { chanceOf } from './chance.ts'
import { canonicalState } from './drafts.ts'
import { observed } from './network.ts'
import { createOutside } from './outside.ts'
import { createPeople } from './people.ts'
import { type SimulatedProcess, storeNow } from './process.ts'
import type { SessionRecord } from './record.ts'
import { createRecords, type Records } from './records.ts'
import { type ProcessContext, runProcess } from './run-process.ts'
import { createScheduler } from './scheduler.ts'
import { defaultAgent } from './workload.ts'
import { drawFaults, noFaults, type Violation, type World } from './world.ts'

export type SimulationOptions = {
  readonly seed: number
  /** The agent under test; its model and tools are put behind simulated networks. By default one that does everything. */
  readonly agent?: (world: World) => AgentOptions
  /** First messages, one session each; two or three by default. */
  readonly messages?: readonly string[]
  /** The store under test, over the simulated clock; the in-memory store by default. */
  readonly store?: (now: () => number) => Store
  /** Told of what the simulated runtimes report: lost answers and the like. */
  readonly onProblem?: (problem: unknown) => void
  /** Wiring with a planted bug, to see that the simulation catches it. */
  readonly plant?: Plant
}

/** A bug: in the parts of the driver, or in the store as a process sees it. */
export type Plant = {
  readonly wiring?: (wiring: Wiring) => Wiring
  readonly store?: (store: Store, world: World) => Store
  readonly environment?: (made: SimulatedProcess) => SimulatedProcess
}

export type SimulationResult = {
  readonly seed: number
  readonly violations: readonly Violation[]
  readonly events: number
  readonly sessions: number
  /** Kinds of the events of all sessions, in order, for a hash that shows whether two runs were the same. */
  readonly records: Records
}

const FAULTS_END_MS = 12_000
const HORIZON_MS = 240_000
const ATTEND_EVERY_MS = 1_500

export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const world = createWorld(options)
  const { scheduler, chance } = world
  const records = world.records
  const plant = options.plant ?? {}
  const outside = createOutside(world, records)
  const dead = new Set<string>()
  const context: ProcessContext = { world, options, outside, dead, plant }
  const api = runProcess(context, 'api', false)
  const people = createPeople({ world, records, outside, api: api.runtime })
  world.hooks.onRest = (record) => {
    if (!world.hasHealed && chance.happens(0.15)) people.react(record)
  }
  for (const name of ['w1', 'w2']) runProcess(context, name, true)
  const messages = options.messages ?? Array.from({ length: 1 + chance.below(3) }, (_, index) => `do ${index}`)
  for (const [index, message] of messages.entries()) {
    const start = () =>
      api
        .runtime()
        .start(agentName(options, world), { message, commandId: `start-${index}` })
        .then(
          () => {},
          () => scheduler.after(200, null, start),
        )
    scheduler.after(chance.below(2_000), null, start)
  }
  for (let count = 0; count < 14; count += 1) scheduler.after(chance.between(200, FAULTS_END_MS), null, people.act)
  scheduler.after(FAULTS_END_MS, null, () => heal(world, people))
  await runToRest(world, records, messages.length)
  return {
    seed: options.seed,
    violations: world.violations,
    events: records.all().reduce((sum, { log }) => sum + log.length, 0),
    sessions: records.all().length,
    records,
  }
}

/** `onRest`: a session has parked, or its model has said its last word. */
type Hooks = { onRest: (record: SessionRecord) => void }
type OwnWorld = World & { readonly records: Records; readonly hooks: Hooks }

function createWorld({ seed, store }: SimulationOptions): OwnWorld {
  const chance = chanceOf(seed)
  const scheduler = createScheduler()
  const records = createRecords()
  const violations: Violation[] = []
  const violate = (violation: Violation) => {
    if (violations.length < 10) violations.push(violation)
  }
  const now = () => storeNow({ scheduler })
  const hooks: Hooks = { onRest: () => {} }
  const onAppended: World['onAppended'] = (ref, events) => {
    for (const complaint of records.append(ref, events)) violate(complaint)
    const record = records.find(ref.sessionId)
    if (record !== undefined && events.some(({ kind }) => kind === 'session_parked' || kind === 'decision_recorded'))
      hooks.onRest(record)
  }
  const base = observed({ onAppended }, store?.(now) ?? memoryStore({ now }))
  return {
    seed,
    chance,
    scheduler,
    base,
    faults: drawFaults(chance),
    hasHealed: false,
    violations,
    onAppended,
    violate,
    records,
    hooks,
  }
}

function agentName({ agent: given }: SimulationOptions, world: World): string {
  return (given ?? defaultAgent)(world).name
}

function heal(world: World, people: { attend(): void }): void {
  world.faults = noFaults
  world.hasHealed = true
  const attend = () => {
    people.attend()
    world.scheduler.after(ATTEND_EVERY_MS, null, attend)
  }
  attend()
}

/** Lets the world happen until everything rests, then looks at it as a whole. */
async function runToRest(world: OwnWorld, records: Records, sessions: number): Promise<void> {
  const { scheduler } = world
  const isAtRest = () =>
    world.hasHealed && records.all().length === sessions && records.all().every((record) => record.ended !== null)
  while (!isAtRest() && world.violations.length === 0) {
    if (!(await scheduler.step())) break
    if (scheduler.now <= HORIZON_MS) continue
    for (const { sessionId, ended, parked } of records.all()) {
      if (ended === null)
        world.violate({
          invariant: 'P11 every session comes to an end',
          detail: `still open at the horizon, parked: ${parked}`,
          sessionId,
        })
    }
    return
  }
  for (const { tenant, sessionId, log } of records.all())
    await checkWhole(world, { tenant, sessionId }, canonicalState(fold(tenant, sessionId, log)))
}

/** P12: what the store gives back folds to the same state. */
async function checkWhole(world: World, ref: SessionRef, expected: string): Promise<void> {
  const stored = await world.base.read(ref, 0, 100_000)
  const folded = canonicalState(
    fold(
      ref.tenant,
      ref.sessionId,
      stored.map((event) => decodeEvent(ref, event)),
    ),
  )
  if (folded !== expected)
    world.violate({
      invariant: 'P12 the log gives the state',
      detail: 'the stored log folds to another state',
      sessionId: ref.sessionId,
    })
}
