/** One seed, one world: processes that die and freeze, people, faults that stop, and a drain in which everything must come to rest. */
import type { LogEvent } from '../../core/index.ts'
import type { StoredEvent } from '../../ports/index.ts'
import { type AgentOptions, agent as defined } from '../../runtime/index.ts'
import { checkProblem } from './accidents.ts'
import { checkArtifact } from './artifact-checks.ts'
import type { MarkCounts } from './coverage-marks.ts'
import { createWorld, type StoreUnderTest, type YoungWorld } from './create-world.ts'
import { begin, type Scene } from './happen.ts'
import { markEvent } from './mark-events.ts'
import { createOutside } from './outside.ts'
import { checkOutcome } from './outside-checks.ts'
import { createPeople } from './people.ts'
import type { Plant } from './plant.ts'
import { isNewestHolder } from './process.ts'
import { ROOT, type SessionRecord } from './record.ts'
import { keyOf, type Records } from './records.ts'
import { runToRest } from './rest.ts'
import { type Kept, runProcess } from './run-process.ts'
import type { Shape } from './shape.ts'
import { defaultAgent, expectedOf } from './workload.ts'
import type { Violation, World } from './world.ts'

export type SimulationOptions = {
  readonly seed: number
  /** What the world is like; drawn from the seed by default. */
  readonly shape?: Shape
  /** The agent under test; its model and tools are put behind simulated networks. By default one that does everything. */
  readonly agent?: (world: World) => AgentOptions
  /** First messages, one session each; as the shape says by default. */
  readonly messages?: readonly string[]
  /** The store under test; the in-memory store by default. */
  readonly store?: StoreUnderTest
  /** Told of what the simulated runtimes report: lost answers and the like. */
  readonly onProblem?: (problem: unknown) => void
  /** A planted bug, to see that the simulation catches it. */
  readonly plant?: Plant
}

export type SimulationResult = {
  readonly seed: number
  readonly shape: Shape
  readonly violations: readonly Violation[]
  readonly events: number
  readonly sessions: number
  /** Situations that were met, and how often. */
  readonly marks: MarkCounts
  /** What was observed of every session, in the order in which they began. */
  readonly records: Records
}

export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const world = createWorld(options)
  const { records } = world
  const scene = createScene(world, options)
  observe(world, scene)
  const sessions = begin(scene, options.messages ?? null)
  await runToRest(world, scene.outside, sessions)
  return {
    seed: options.seed,
    shape: world.shape,
    violations: world.violations,
    events: records.events,
    sessions: records.all().length,
    marks: world.marks,
    records,
  }
}

function createScene(world: YoungWorld, { agent, plant = {}, onProblem = () => {} }: SimulationOptions): Scene {
  const described = (agent ?? defaultAgent)(world)
  world.expected = expectedOf(described, agent === undefined ? world.shape : null)
  const outside = createOutside(world)
  const watchProblem = (problem: unknown, sessionId: string | null) => {
    checkProblem(world, { tenant: '', sessionId: sessionId ?? '' }, problem)
    onProblem(problem)
  }
  const dead = new Set<string>()
  const context = { world, agent: defined(described), outside, dead, plant, onProblem: watchProblem }
  const api = runProcess(context, 'api', false)
  const people = createPeople({ world, outside, api: api.now })
  const workers = Array.from({ length: world.shape.workers }, (_, index) => runProcess(context, `w${index + 1}`, true))
  return { world, agentName: described.name, isOurs: agent === undefined, outside, api, people, workers }
}

/** Everything that is written is checked, marked and noted; and people may be quick to react to it. */
function observe(world: YoungWorld, { outside, people, workers }: Scene): void {
  const { records, expected, mark, violate, chance, shape } = world
  world.onAppended = (ref, events) => {
    const before = (record: SessionRecord, logEvent: LogEvent) => {
      markEvent(logEvent, { record, outside, expected, mark, isFrozen: isFrozen(world, workers, record) })
      checkOutcome(world, outside, { record, logEvent })
      checkArtifact(world, outside, { record, logEvent })
      checkDoomed(world, record, logEvent)
    }
    const complain = (complaint: { invariant: string; detail: string }) =>
      violate(ref, complaint.invariant, complaint.detail)
    records.append(ref, events, { expected, complain, before })
    if (events.at(-1)?.kind === 'model_responded' && !asksForPlan(records.find(ref)))
      violate(ref, 'P2 a pass commits whole', 'an answer of a model was written without the decision that came of it')
    const record = records.find(ref)
    if (record !== undefined && comesToRest(events) && !world.hasHealed && chance.happens(shape.people.reacts))
      people.react(record)
  }
}

/** Nobody wants the plan any more that a planner was asked for. */
function asksForPlan(record: SessionRecord | undefined): boolean {
  const asked = record?.log.findLast(({ event }) => event.type === 'model_started' && event.taskId === ROOT)?.event
  return asked?.type === 'model_started' && asked.purpose === 'plan'
}

/** P17: a session that kills whoever drives it is driven alone, and then left alone. */
function checkDoomed({ doomed, violate }: World, record: SessionRecord, { event }: LogEvent): void {
  if (event.type !== 'call_started' && event.type !== 'model_started') return
  if (doomed.get(keyOf(record)) === event.fence)
    violate(record, 'P17 poison is driven alone, then parked', `${event.type} under fence ${event.fence}`)
}

/** A session has parked, or its model has said its last word. */
function comesToRest(events: readonly StoredEvent[]): boolean {
  return events.some(({ kind }) => kind === 'session_parked' || kind === 'decision_recorded')
}

/** Whether the worker that drove a session last is frozen. */
function isFrozen(world: World, workers: readonly Kept[], record: SessionRecord): boolean {
  return workers.some((worker) => {
    const { process } = worker.now()
    return !process.isDead && process.frozenUntil > world.scheduler.now && isNewestHolder(world, process, record)
  })
}
