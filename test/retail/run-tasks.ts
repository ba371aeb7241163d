/** Recorded tasks through the real path: one session each, the recorded calls as the model's proposals, people who approve every write. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Agent, agent, createRuntime, type Policy, type Runtime, type Tool, ToolError, tool } from 'pawl'
import type { Json, JsonObject, Message } from 'pawl/core'
import { scripted } from 'pawl/models/scripted'
import { requireApproval } from 'pawl/policies'
import type { Head, Model, Store, StoredEvent } from 'pawl/ports'
import { sqliteStore } from 'pawl/stores/sqlite'
import { jsonSchema } from 'pawl/tools'
import { isJsonObject } from '../worlds/json.ts'
import type { RecordedTask, RecordedWorld, TaskState } from './recorded-world.ts'

/** A call that ran, as the tool saw it. */
export type Applied = { readonly callId: string; readonly tool: string; readonly stateSha256: string }

/** What a task came to. `shown[n]`: the messages of the request for turn n + 1. */
export type TaskRun = {
  readonly task: RecordedTask
  readonly applied: readonly Applied[]
  readonly shown: readonly (readonly Message[])[]
  readonly finalStateSha256: string
  readonly log: readonly StoredEvent[]
  readonly head: Head
}

/** Mistakes that a test plants in the path. */
export type Plants = {
  /** Instead of an approval of every write. */
  readonly policies?: readonly Policy[]
  readonly tool?: (tool: Tool<Json, Json>) => Tool<Json, Json>
}

type Session = {
  readonly task: RecordedTask
  readonly state: TaskState
  readonly applied: Applied[]
  readonly shown: Message[][]
}
type Sessions = ReadonlyMap<string, Session>

const MAX_APPROVALS_LISTED = 1_000
const MAX_LOG_EVENTS = 1_000

/** Runs the tasks side by side on one runtime, over one file that is deleted afterwards. */
export async function runTasks(
  world: RecordedWorld,
  tasks: readonly RecordedTask[],
  plants: Plants = {},
): Promise<readonly TaskRun[]> {
  const folder = temporaryFolder()
  const store = sqliteStore(join(folder, 'sessions.db'))
  const sessions: Sessions = new Map(
    tasks.map((task) => [task.id, { task, state: world.open(task), applied: [], shown: [] }]),
  )
  const runtime = createRuntime({ store, agents: [worldAgent(world, sessions, plants)] })
  try {
    await Promise.all(tasks.map((task) => runTask(runtime, world, task)))
    return await Promise.all([...sessions.values()].map((session) => collect(store, session)))
  } finally {
    await runtime.stop()
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function temporaryFolder(): string {
  const parent = fileURLToPath(new URL('../../.tmp', import.meta.url))
  mkdirSync(parent, { recursive: true })
  return mkdtempSync(join(parent, 'worlds-'))
}

function worldAgent(world: RecordedWorld, sessions: Sessions, plants: Plants): Agent {
  const writes = world.tools.flatMap(({ name, writes }) => (writes ? [name] : []))
  const change = plants.tool ?? ((each) => each)
  return agent({
    name: world.agent,
    instructions: world.instructions,
    model: recordedModel(sessions),
    tools: world.tools.map((each) => change(worldTool(each, sessions))),
    policies: plants.policies ?? [requireApproval({ tools: writes, reason: 'write' })],
  })
}

function worldTool(
  { name, description, parameters, writes }: RecordedWorld['tools'][number],
  sessions: Sessions,
): Tool<Json, Json> {
  return tool({
    name,
    description,
    effect: writes ? 'unsafe' : 'read',
    input: jsonSchema<Json>(schemaOf(name, parameters)),
    run: (input, { sessionId, callId }) => {
      const { state, applied } = sessionOf(sessions, sessionId)
      const result = state.run(name, input)
      applied.push({ callId, tool: name, stateSha256: state.sha256() })
      if (result.type === 'refused') throw new ToolError(result.error, { tookEffect: false })
      return result.output
    },
  })
}

function schemaOf(name: string, parameters: Json): JsonObject {
  if (isJsonObject(parameters)) return parameters
  throw new Error(`expected the schema of ${name} to be an object`)
}

/** Turn n proposes the n-th recorded call; the turn after the last answers. */
function recordedModel(sessions: Sessions): Model {
  return scripted(({ sessionId, messages }, { turn }) => {
    const { task, shown } = sessionOf(sessions, sessionId)
    shown[turn - 1] = [...messages]
    const call = task.calls[turn - 1]
    return call === undefined ? 'That is all.' : { calls: [{ tool: call.tool, input: call.input }] }
  })
}

function sessionOf(sessions: Sessions, sessionId: string): Session {
  const session = sessions.get(sessionId)
  if (session === undefined) throw new Error(`expected a session for ${sessionId}, found none`)
  return session
}

/** Starts the session and answers whatever it asks, until it has ended. */
async function runTask(runtime: Runtime, world: RecordedWorld, task: RecordedTask): Promise<void> {
  const session = await runtime.start(world.agent, { sessionId: task.id, message: task.message })
  for await (const item of runtime.watch(session)) {
    if (item.type !== 'event' || item.event.type !== 'approval_requested') continue
    await approve(runtime, session.sessionId, item.event.approvalId)
  }
}

/** A person who finds the question in the list, and approves exactly what stands there. */
async function approve(runtime: Runtime, sessionId: string, approvalId: string): Promise<void> {
  const rows = await runtime.approvals.list({ limit: MAX_APPROVALS_LISTED })
  const row = rows.find((each) => each.sessionId === sessionId && each.approvalId === approvalId)
  if (row === undefined) throw new Error(`expected ${approvalId} of ${sessionId} in the list of open approvals`)
  const { hash } = JSON.parse(row.body) as { readonly hash: string }
  const sent = await runtime.approvals.approve({ sessionId, approvalId }, 'reviewer', { hash })
  if (sent.type === 'refused') throw new Error(`${sessionId}: the approval was refused: ${sent.message}`)
}

async function collect(store: Store, { task, applied, shown, state }: Session): Promise<TaskRun> {
  const ref = { tenant: 'default', sessionId: task.id }
  const head = await store.head(ref)
  if (head === null) throw new Error(`expected a head for ${task.id}, found none`)
  const log = await store.read(ref, 0, MAX_LOG_EVENTS)
  return { task, applied, shown, finalStateSha256: state.sha256(), log, head }
}
