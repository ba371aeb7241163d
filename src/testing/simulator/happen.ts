/** What happens in a world by itself: sessions are started, people act, workers are told to stop, and one day the faults end. */
import type { Outside } from './outside.ts'
import { type People, persons } from './people.ts'
import { drawWork } from './plan-start.ts'
import { messageText } from './random-model.ts'
import type { Kept } from './run-process.ts'
import { noFaults } from './shape.ts'
import type { World } from './world.ts'

export type Scene = {
  readonly world: World
  readonly agentName: string
  /** The agent is the simulator's own. */
  readonly isOurs: boolean
  readonly outside: Outside
  readonly api: Kept
  readonly people: People
  readonly workers: readonly Kept[]
}

const STARTS_WITHIN_MS = 2_000
const START_AGAIN_MS = 700
const ATTEND_EVERY_MS = 1_500
const EARLIEST_ACT_MS = 200

/** Returns how many sessions there will be. */
export function begin(scene: Scene, messages: readonly string[] | null): number {
  const { world, people, workers } = scene
  const { scheduler, chance, shape } = world
  const sessions = messages?.length ?? shape.sessions
  for (let index = 0; index < sessions; index += 1) startSession(scene, index, messages?.[index] ?? null)
  for (let count = 0; count < shape.people.acts; count += 1)
    scheduler.after(chance.between(EARLIEST_ACT_MS, shape.faultsEndMs), null, people.act)
  for (let count = 0; count < shape.deploys; count += 1)
    scheduler.after(chance.between(0, shape.faultsEndMs), null, () => chance.among(workers)?.deploy())
  scheduler.after(shape.faultsEndMs, null, () => heal(world, people))
  return sessions
}

/** The public key of a session is the pair: tenants share ids. */
function startSession({ world, api, agentName, isOurs }: Scene, index: number, given: string | null): void {
  const { scheduler, chance, shape, records, violate, mark } = world
  const tenant = `t${index % shape.tenants}`
  const sessionId = `s${Math.floor(index / shape.tenants)}`
  const message = given ?? messageText(tenant, sessionId, 'do it')
  const requester = { type: 'user', id: chance.pick(persons) } as const
  const work = isOurs ? drawWork(world, `[${tenant}/${sessionId}] `) : {}
  const options = { tenant, sessionId, message, requester, commandId: `start-${index}`, ...work }
  let isStarted = false
  const started = () => {
    isStarted = true
    if (records.find(options) === undefined)
      violate(options, 'P1 acknowledged is never lost', 'the session was started, and is not there')
    if (records.all().some((each) => each.sessionId === sessionId && each.tenant !== tenant))
      mark('two tenants with one session id')
  }
  // Whoever gets no answer asks again, as the same command.
  const start = () => {
    if (isStarted) return
    api
      .now()
      .runtime.start(agentName, options)
      .then(started, () => {})
    scheduler.after(START_AGAIN_MS, null, start)
  }
  scheduler.after(chance.below(STARTS_WITHIN_MS), null, start)
}

function heal(world: World, people: People): void {
  world.faults = noFaults
  world.hasHealed = true
  if (!world.shape.people.attend) return
  const attend = () => {
    people.attend()
    world.scheduler.after(ATTEND_EVERY_MS, null, attend)
  }
  attend()
}
