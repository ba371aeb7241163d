/** What tests of memory ask of every prompt: what was sent to a model at all, and that it can be made again from the log. */
import {
  Draft,
  defaultLimits,
  type EventOf,
  fold,
  type Json,
  type LogEvent,
  reduce,
  type State,
} from '../core/index.ts'
import { scriptedTasks, type TaskScripts } from '../models/scripted.ts'
import type { AnyTool, Model, ModelRequest, Store } from '../ports/index.ts'
import type { Agent } from './define.ts'
import type { Processor } from './memory-options.ts'
import { readArtifact } from './read-artifact.ts'
import { requestOf } from './request-of.ts'
import { anyTool, type World, type WorldOptions, world } from './world.fixture.ts'

/** The requests that a model was sent. */
export function watching(model: Model): { readonly model: Model; readonly requests: ModelRequest[] } {
  const requests: ModelRequest[] = []
  const generate: Model['generate'] = (request, options) => {
    requests.push(request)
    return model.generate(request, options)
  }
  return { requests, model: { ...model, generate } }
}

/** Stands in what `lookup` answers, and must stand in no prompt. */
export const RAW = 'RAW-9f zebra'
export const lookup: AnyTool = anyTool('lookup', 'read', () => ({ balance: 25, note: RAW }))
/** Notes the balance, whatever it is asked. */
export const noting: Processor = { process: () => ({ append_known_facts: [{ key: 'balance', value: 25 }] }) }

/** A world with both, and the requests that its model is sent. */
export function watched(
  scripts: TaskScripts,
  options: WorldOptions = {},
): World & { readonly requests: ModelRequest[] } {
  const { model, requests } = watching(scriptedTasks(scripts))
  return { ...world({ model, tools: [lookup], processor: noting, ...options }), requests }
}

/** Requests in which a text stands, but for those that are there to read it. */
export function holding(requests: readonly ModelRequest[], text: string): readonly ModelRequest[] {
  return requests.filter(
    ({ purpose, instructions, messages }) =>
      purpose !== 'process' && `${instructions}${JSON.stringify(messages)}`.includes(text),
  )
}

/** Of one answer of a model: the hash of its prompt as it stands in the log, and as the log alone gives it. */
export type Replayed = {
  readonly place: string
  readonly recorded: string
  readonly rendered: string
}

export async function replayed({ log, store }: World, agent: Agent, sessionId: string): Promise<readonly Replayed[]> {
  const events = await log(sessionId)
  const all: Replayed[] = []
  for (const { event } of events) {
    if (event.type !== 'model_responded') continue
    const { taskId, turn, attempt, promptHash } = event
    const intent = events.find((each): each is Intent => isIntentOf(each.event, event))
    if (intent === undefined) throw new Error(`turn ${turn} of ${taskId} has no intent`)
    const rendered = await promptHashOf(stateAt(events, intent), { agent, store, taskId })
    all.push({
      place: `${intent.event.purpose} of ${taskId}, turn ${turn}, ${attempt}`,
      recorded: promptHash,
      rendered,
    })
  }
  return all
}

type Intent = LogEvent & { readonly event: EventOf<'model_started'> }

function isIntentOf(event: LogEvent['event'], { taskId, turn, attempt }: EventOf<'model_responded'>): boolean {
  return event.type === 'model_started' && event.taskId === taskId && event.turn === turn && event.attempt === attempt
}

/** What the intent had seen of the log, and the intent. */
function stateAt(events: readonly LogEvent[], { event, at }: Intent): State {
  const seen = events.filter(({ seq }) => seq <= event.contextSeq)
  const draft = new Draft(fold('default', 's', seen))
  reduce(draft, event, at)
  return draft.state
}

type Where = { readonly agent: Agent; readonly store: Store; readonly taskId: string }

async function promptHashOf(state: State, { agent, store, taskId }: Where): Promise<string> {
  const task = state.tasks.get(taskId)
  if (!task?.model) throw new Error(`${taskId} asks for nothing`)
  const prepared = requestOf(agent, state, { task, asked: task.model, limits: defaultLimits })
  if (typeof prepared !== 'function') return prepared.promptHash
  const { about } = task.model
  const call = about?.type === 'process' ? state.calls.get(about.callId) : undefined
  const read = call?.artifact ? await readArtifact(store, 'default', call.artifact) : null
  const inline: Json = call?.outcome?.type === 'ok' ? call.outcome.output : null
  return prepared(read ?? inline).promptHash
}
