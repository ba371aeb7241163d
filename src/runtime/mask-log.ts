/** A log as it is shown: inputs without their sensitive fields, and without credentials that are known by their form. */
import {
  type AssistantPart,
  type EventOf,
  type Json,
  type JsonObject,
  type LogEvent,
  maskSensitive,
  type PawlEvent,
  SENSITIVE_MARK,
  type SensitiveShape,
  type State,
  sensitiveShape,
} from '../core/index.ts'
import type { Agent } from './define.ts'
import { createPlace, type Place } from './mask-place.ts'
import { maskedAnswer, maskedTasks } from './mask-plan.ts'
import type { Redactor } from './redact.ts'
import { shapesOf } from './sensitive-tool.ts'

/** What is sensitive in the inputs of a tool, by each definition that has a say: what any of them marks. Empty: nothing is. */
export type InputShapes = (tool: string) => readonly SensitiveShape[]

export interface LogMask {
  event<E extends { readonly event: PawlEvent }>(logEvent: E): E
  input(tool: string, input: Json): Json
  /** Whether it has inputs, so that the shapes have to be known before it is shown. */
  needsShapes(event: PawlEvent): boolean
  /** Whether it has an input of a call or a task that was proposed before the reader began. */
  needsState(event: PawlEvent): boolean
  /** Which tools the calls, tasks and approvals so far belong to. */
  learn(state: State): void
}

/** The shapes of an agent as it is defined now. */
export function shapesOfAgent(agent: Agent): InputShapes {
  return (name) => {
    const tool = agent.tools.get(name)
    const shape = tool === undefined ? null : shapesOf(tool).input
    return shape === null ? [] : [shape]
  }
}

const everything = sensitiveShape(null, [''])

/** Where nobody can know what is sensitive, everything is. */
export const hidesAll: InputShapes = () => (everything === null ? [] : [everything])

/**
 * The shapes of stored definitions. Null is one that was not found: it may have marked anything. A tool that none of them has was never
 * run.
 */
export function shapesOfDefinitions(definitions: readonly (string | null)[]): InputShapes {
  // By what they are made of: most deploys change no tool.
  const shapes = new Map<string, Map<string, SensitiveShape>>()
  for (const definition of definitions) {
    if (definition === null) return hidesAll
    for (const { tool, schema, pointers } of marksIn(definition)) {
      const shape = sensitiveShape(schema, pointers)
      const ofTool = shapes.get(tool) ?? new Map<string, SensitiveShape>()
      if (shape !== null) shapes.set(tool, ofTool.set(JSON.stringify([schema, pointers]), shape))
    }
  }
  return (name) => [...(shapes.get(name)?.values() ?? [])]
}

type Marks = { readonly tool: string; readonly schema: JsonObject | null; readonly pointers: readonly string[] }

/** Our own canonical JSON, checked as it is read. */
function marksIn(definition: string): readonly Marks[] {
  const parsed: unknown = JSON.parse(definition)
  return listOf(parsed, 'tools').map((each) => {
    const tool = String(fieldOf(each, 'name'))
    // A definition is JSON, and so are its fields.
    const schema = fieldOf(each, 'inputSchema') as JsonObject | undefined
    return { tool, schema: schema ?? null, pointers: listOf(fieldOf(parsed, 'sensitive'), tool).map(String) }
  })
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined
}

function listOf(value: unknown, key: string): readonly unknown[] {
  const list = fieldOf(value, key)
  return Array.isArray(list) ? list : []
}

/** Reads a session's events in order; none of them is changed. */
export function createLogMask(shapes: InputShapes, redactor: Redactor): LogMask {
  const place = createPlace()
  const hide = (own: readonly SensitiveShape[], given: Json): Json =>
    // Each takes its own fields away; a mark of one is left by the next, or goes with what lies around it.
    redactor.json(
      own.length > 0 && isNoInput(given)
        ? SENSITIVE_MARK
        : own.reduce<Json>((left, shape) => maskSensitive(left, shape), given),
    )
  const mask: Mask = {
    input: (tool, given) => hide(shapes(tool), given),
    inputOf: (tools, given) => hide(tools.length === 0 ? hidesAll('') : tools.flatMap(shapes), given),
    text: (tool, given) => (shapes(tool).length === 0 ? redactor.text(given) : SENSITIVE_MARK),
    shapes,
  }
  return {
    event: (logEvent) => {
      place.note(logEvent.event)
      return { ...logEvent, event: masked(logEvent.event, place, mask) }
    },
    input: mask.input,
    needsShapes: (event) => {
      if (event.type === 'plan_proposed' || event.type === 'plan_tasks_listed' || hasInput(event)) return true
      if (event.type !== 'model_responded') return false
      return mayBePlan(event, place) || event.response.parts.some((part) => 'tool' in part)
    },
    needsState: (event) => hasInput(event) && !place.isWhole(),
    learn: place.learn,
  }
}

/** Tools take objects: what is none was written by somebody who knew no better, with whatever in it. */
function isNoInput(given: Json): boolean {
  return given !== null && (typeof given !== 'object' || Array.isArray(given))
}

/** Of a call, or of the call that a task is, which stood in the log before. */
function hasInput(event: PawlEvent): boolean {
  if (event.type === 'approval_resolved' || event.type === 'recovery_chosen') return event.input !== undefined
  return event.type === 'call_judged' && event.judgement.type === 'verdict' && event.judgement.input !== undefined
}

/** Who began to read between a request and its answer cannot know what was asked for: what holds an object may be a plan. */
function mayBePlan({ taskId, response }: EventOf<'model_responded'>, place: Place): boolean {
  const purpose = place.purposeOf(taskId)
  if (purpose !== null) return purpose === 'plan'
  return response.parts.some((part) => part.type === 'text' && part.text.includes('{'))
}

/** `text`: an input that could not be read. */
type Mask = {
  readonly input: (tool: string, given: Json) => Json
  /** Of one of these tools; of any, where there are none. */
  readonly inputOf: (tools: readonly string[], given: Json) => Json
  readonly text: (tool: string, given: string) => string
  readonly shapes: InputShapes
}

function masked(event: PawlEvent, place: Place, mask: Mask): PawlEvent {
  const { input, inputOf, shapes } = mask
  switch (event.type) {
    case 'model_responded': {
      const { response } = event
      const parts = mayBePlan(event, place) ? maskedAnswer(response.parts, input, shapes) : response.parts
      return { ...event, response: { ...response, parts: parts.map((part) => maskedPart(part, mask)) } }
    }
    case 'approval_resolved':
      if (event.input === undefined) return event
      return { ...event, input: inputOf(place.ofApproval(event.approvalId), event.input) }
    case 'call_judged': {
      const { judgement } = event
      if (judgement.type !== 'verdict' || judgement.input === undefined) return event
      return { ...event, judgement: { ...judgement, input: inputOf(place.ofCall(event.callId), judgement.input) } }
    }
    case 'plan_proposed':
    case 'plan_tasks_listed':
      return { ...event, tasks: maskedTasks(event.tasks, input) }
    case 'recovery_chosen':
      if (event.input === undefined) return event
      return { ...event, input: inputOf(place.ofTask(event.taskId), event.input) }
    default:
      return event
  }
}

function maskedPart(part: AssistantPart, mask: Mask): AssistantPart {
  if (part.type === 'call') return { ...part, input: mask.input(part.tool, part.input) }
  return part.type === 'invalid_call' ? { ...part, inputText: mask.text(part.tool, part.inputText) } : part
}

/** A whole log as it is shown. */
export function maskLog(log: readonly LogEvent[], mask: LogMask): readonly LogEvent[] {
  return log.map((logEvent) => mask.event(logEvent))
}
