/** One poisoned session through the whole runtime, on both stores: what was said at the doors, and what stands in the logs. */
import type { Json } from '../../src/core/index.ts'
import { PawlError } from '../../src/ports/index.ts'
import { loadState } from '../../src/runtime/load.ts'
import type { StartOptions } from '../../src/runtime/start.ts'
import { wiring } from '../../src/runtime/wiring.ts'
import { type Chance, chanceOf } from '../../src/testing/simulator/chance.ts'
import { type Complaint, pollution } from './border-case.ts'
import { pickOf } from './generate-text.ts'
import { hostileValue } from './generate-value.ts'
import { hostileCommand, hostileStart } from './hostile-commands.ts'
import { logsOf } from './session-logs.ts'
import { outsideOf, PROBE } from './session-outside.ts'
import { openWorld, type StoreName, type World } from './session-world.ts'
import type { Subject } from './subject.ts'

/** Steps of `next` that a poisoned session and its probe may take: no session by chance comes near. */
const MAX_STEPS = 300
/** A provider may ask for a day at most. */
const LONGEST_WAIT_MS = 86_500_000
const STARTS = 2
const ROUNDS = 4
const COMMANDS_A_ROUND = 3
const DOORS = STARTS + ROUNDS * COMMANDS_A_ROUND
const SETTLED = 'settled: '

export type SessionChecked = {
  readonly complaint: Complaint
  /** Starts, commands, and answers of the model that came: a session may end before its last turn. */
  readonly poisons: number
  readonly steps: number
  readonly events: number
  /** Calls that nobody knew the outcome of, and that a person has settled. */
  readonly settled: number
}

export async function checkSession(subject: Subject, seed: number): Promise<SessionChecked> {
  const memory = await runOn(subject, 'memory', seed)
  if (memory.complaint !== null) return { ...memory, complaint: `session ${seed} on memory: ${memory.complaint}` }
  const sqlite = await runOn(subject, 'sqlite', seed)
  if (sqlite.complaint !== null) return { ...sqlite, complaint: `session ${seed} on sqlite: ${sqlite.complaint}` }
  const differs = memory.lines.findIndex((line, index) => line !== sqlite.lines[index])
  const found =
    differs === -1 && memory.lines.length === sqlite.lines.length ? null : differenceAt(memory, sqlite, differs)
  return { ...memory, complaint: found === null ? null : `session ${seed}: ${found}` }
}

type Ran = SessionChecked & { readonly lines: readonly string[] }

function differenceAt(memory: Ran, sqlite: Ran, index: number): string {
  const shown = (ran: Ran) => (ran.lines[index] ?? 'nothing').slice(0, 200)
  return `not the same bytes on both stores: memory has ${shown(memory)}; sqlite has ${shown(sqlite)}`
}

async function runOn(subject: Subject, name: StoreName, seed: number): Promise<Ran> {
  const outside = outsideOf(seed)
  const world = openWorld(subject, name, outside)
  const said: string[] = []
  const { plans } = outside
  const route = plans === null || plans.route === 'auto' ? {} : { route: plans.route }
  const complaint = await drivePoison(world, { chance: chanceOf(seed), said, route }).catch((error: unknown) =>
    wordsOf(error),
  )
  const logs = await logsOf(world)
  await world.runtime.stop()
  await world.store.close()
  const steps = world.steps()
  const found =
    complaint ??
    problemOf(world) ??
    logs.complaint ??
    pollution() ??
    (steps > MAX_STEPS ? `${steps} steps were driven` : null)
  return {
    complaint: found,
    poisons: DOORS + outside.answers(),
    steps,
    events: logs.events,
    settled: said.filter((each) => each.startsWith(SETTLED)).length,
    lines: [...said, ...logs.lines],
  }
}

function problemOf({ problems }: World): Complaint {
  return problems.length === 0 ? null : `the driver reported: ${wordsOf(problems[0])}`
}

function wordsOf(error: unknown): string {
  return (error instanceof Error ? (error.stack ?? error.message) : String(error)).slice(0, 600)
}

type Drive = { readonly chance: Chance; readonly said: string[]; readonly route: Pick<StartOptions, 'route'> }

async function drivePoison(world: World, { chance, said, route }: Drive): Promise<Complaint> {
  const { runtime, env } = world
  for (let starts = 0; starts < STARTS; starts += 1)
    said.push(await door(() => runtime.start('clerk', hostileStart(chance))))
  const sessionId = 'poisoned'
  await runtime.start('clerk', { message: 'go', sessionId, ...route })
  await env.settle()
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let commands = 0; commands < COMMANDS_A_ROUND; commands += 1)
      said.push(await door(() => hostileCommand(chance, runtime, sessionId)))
    await answerPeople(world, chance, sessionId)
    const complaint = await settleUnknown(world, { chance, said, sessionId })
    if (complaint !== null) return complaint
    await env.advance(1_000)
  }
  return (await endOf(world, sessionId)) ?? (await probe(world))
}

/** A typed answer, or a typed refusal; anything else that is thrown ends the case. */
async function door(knock: () => Promise<unknown>): Promise<string> {
  try {
    const answered = await knock()
    return JSON.stringify(answered) ?? 'undefined'
  } catch (error) {
    if (error instanceof PawlError) return `${error.name} ${error.code}`
    throw new Error(`an untyped throw out of the API: ${wordsOf(error)}`)
  }
}

async function answerPeople({ runtime, env }: World, chance: Chance, sessionId: string): Promise<void> {
  for (const { approvalId, kind } of await runtime.approvals.list({ sessionId })) {
    const named = { sessionId, approvalId }
    if (kind === 'question') await runtime.approvals.answer(named, 'ada', chance.happens(0.5) ? '1' : 'blue')
    else if (chance.happens(0.5)) await runtime.approvals.approve(named, 'ada')
    else await runtime.approvals.reject(named, 'grace')
  }
  await env.settle()
}

type Settling = { readonly chance: Chance; readonly said: string[]; readonly sessionId: string }

/** In each of the three ways; what the outside gave as an output may be refused at the door, and then it is said without one. */
async function settleUnknown(world: World, { chance, said, sessionId }: Settling): Promise<Complaint> {
  const { runtime, store, env } = world
  const ref = { tenant: 'default', sessionId }
  if (!(await store.head(ref))?.status.startsWith('blocked(')) return null
  // Not `result`: it waits where an answer has just ended the block.
  const { index } = await loadState(store, ref, wiring)
  for (const callId of index.unknown) {
    const settle = { type: 'settle', callId, by: 'ada' } as const
    const settlement = pickOf(chance, ['took_effect', 'did_not_take_effect', 'run_again'] as const)
    // Half of them against the type: that is what the door is for.
    const output = (chance.happens(0.5) ? { id: 'W1' } : hostileValue(chance)) as Json
    const first = await door(() => runtime.send({ sessionId }, { ...settle, settlement, output }))
    const isRefused = !first.startsWith('{"type":"accepted"')
    const plain = { ...settle, settlement: 'did_not_take_effect' } as const
    said.push(`${SETTLED}${first}`, isRefused ? await door(() => runtime.send({ sessionId }, plain)) : settlement)
    await env.settle()
    const call = (await loadState(store, ref, wiring)).calls.get(callId)
    if (call?.settled === null) return `${callId} was settled, and still nobody knows: ${first}; ${said.at(-1)}`
  }
  return null
}

/** It has ended, or waits for people; and whatever it does, a cancel ends it. */
async function endOf({ runtime, store, env }: World, sessionId: string): Promise<Complaint> {
  const ref = { tenant: 'default', sessionId }
  if ((await store.head(ref))?.status === 'running') await env.advance(LONGEST_WAIT_MS)
  const before = (await store.head(ref))?.status
  if (before === 'running') return 'it neither ended nor waits for people'
  await runtime.send({ sessionId }, { type: 'cancel', by: 'ada' })
  await env.advance(10_000)
  const after = (await store.head(ref))?.status
  return after === 'done' || after === 'failed' || after === 'cancelled'
    ? null
    : `${before}, and after a cancel ${after}`
}

/** The worker is alive: another session runs to its end. */
async function probe({ runtime, store, env }: World): Promise<Complaint> {
  await runtime.start('clerk', { message: 'hello', sessionId: PROBE })
  await env.settle()
  const status = (await store.head({ tenant: 'default', sessionId: PROBE }))?.status
  return status === 'done' ? null : `the next session is ${status}`
}
