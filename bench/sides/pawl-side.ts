/** Pawl's side: real sessions over the embedded store, through the public facade, with everything on that is on by default. */
import { type Agent, agent, createRuntime, type RuntimeOptions, type Started, tool } from 'pawl'
import { scripted } from 'pawl/models/scripted'
import { allowTools } from 'pawl/policies'
import { type SqliteStore, sqliteStore } from 'pawl/stores/sqlite'
import { add, addInput, instructions, type Load, question, saying, usage } from './scenario.ts'

const addTool = tool({ name: 'add', description: 'Adds two numbers.', effect: 'read', input: addInput, run: add })

/** Ends after `turns` turns by its budget, as the AI SDK's loop ends by its step count. */
export function tallyAgent(turns: number): Agent {
  return agent({
    name: 'tally',
    instructions,
    model: scripted((_request, { turn }) => ({
      text: saying,
      calls: [{ tool: 'add', input: { a: turn, b: 1 } }],
      usage,
    })),
    tools: [addTool],
    policies: [allowTools([addTool])],
    budget: { maxTurns: turns, maxEvents: 1_000_000, maxWallClockMs: 24 * 3_600_000 },
  })
}

export type Ran = { readonly ms: number; readonly cpuMs: number; readonly events: number; readonly commits: number }

/** Runs sessions to their end: timed from the first start to the last rest. */
export async function runSessions(path: string, load: Load): Promise<Ran> {
  const store = sqliteStore(path)
  const { sessions, turns, inFlight } = load
  const rested = countRests(store, sessions)
  const runtime = createRuntime({
    store: rested.store,
    agents: [tallyAgent(turns)],
    limits: { maxSessionsInFlight: inFlight },
  })
  const cpuBefore = process.cpuUsage()
  const commitsBefore = store.stats.commits
  const startedAt = performance.now()
  await startAll(runtime.start, sessions)
  await rested.all
  const ms = performance.now() - startedAt
  const { user, system } = process.cpuUsage(cpuBefore)
  const commits = store.stats.commits - commitsBefore
  const events = (await store.sessions({ limit: sessions })).reduce((sum, { version }) => sum + version, 0)
  await runtime.stop()
  await store.close()
  return { ms, cpuMs: (user + system) / 1_000, events, commits }
}

async function startAll(
  start: (agent: string, options: { message: string }) => Promise<Started>,
  sessions: number,
): Promise<void> {
  await Promise.all(Array.from({ length: sessions }, () => start('tally', { message: question })))
}

type Counted = { readonly store: RuntimeOptions['store']; readonly all: Promise<void> }

/** Knows when the last of the sessions has come to rest, at no cost. */
function countRests(store: SqliteStore, sessions: number): Counted {
  const { promise, resolve } = Promise.withResolvers<void>()
  let left = sessions
  const release: SqliteStore['release'] = async (ref, request) => {
    const released = await store.release(ref, request)
    if (released === 'released' && request.rested) left -= 1
    if (left === 0) resolve()
    return released
  }
  return { store: { ...store, release }, all: promise }
}
