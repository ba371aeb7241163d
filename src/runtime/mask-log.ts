/** A log as it is shown: inputs without their sensitive fields, and without credentials that are known by their form. */
import {
  type AssistantPart,
  type Json,
  type JsonObject,
  type LogEvent,
  maskSensitive,
  type PawlEvent,
  SENSITIVE_MARK,
  type SensitiveShape,
  type State,
  type Subject,
  sensitiveShape,
} from '../core/index.ts'
import type { Agent } from './define.ts'
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
  /** Whether it has an input of a call that was proposed before the reader began. */
  needsState(event: PawlEvent): boolean
  /** Which tool the calls and approvals so far belong to. */
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
  const place = freshPlace()
  // Each takes its own fields away; a mark of one is left by the next, or goes with what lies around it.
  const input = (tool: string, given: Json): Json =>
    redactor.json(shapes(tool).reduce((left, shape) => maskSensitive(left, shape), given))
  const text = (tool: string, given: string) => (shapes(tool).length === 0 ? redactor.text(given) : SENSITIVE_MARK)
  return {
    event: (logEvent) => {
      note(place, logEvent.event)
      return { ...logEvent, event: masked(logEvent.event, place, { input, text, shapes }) }
    },
    input,
    needsShapes: (event) => {
      if (event.type === 'plan_proposed' || event.type === 'plan_tasks_listed') return true
      if (event.type !== 'model_responded') return false
      return place.planning.has(event.taskId) || event.response.parts.some((part) => 'tool' in part)
    },
    needsState: (event) => {
      if (event.type === 'approval_resolved')
        return event.input !== undefined && !place.toolOfApproval.has(event.approvalId)
      if (event.type === 'recovery_chosen') return event.input !== undefined && !place.toolOfTask.has(event.taskId)
      if (event.type !== 'call_judged' || event.judgement.type !== 'verdict') return false
      return event.judgement.input !== undefined && !place.toolOfCall.has(event.callId)
    },
    learn: (state) => {
      for (const { callId, tool } of state.calls.values()) place.toolOfCall.set(callId, tool)
      for (const { task } of state.plan?.nodes.values() ?? []) place.toolOfTask.set(task.id, task.tool ?? '')
      for (const { approvalId, callId, subject } of state.approvals.values())
        place.toolOfApproval.set(approvalId, toolAskedAbout(place, callId, subject))
    },
  }
}

/** What a reader knows of calls, tasks and approvals so far. */
type Place = {
  readonly toolOfCall: Map<string, string>
  readonly toolOfTask: Map<string, string>
  readonly toolOfApproval: Map<string, string>
  /** Tasks whose newest request is for a plan. */
  readonly planning: Set<string>
  /** The tools of the newest response of each task, in order. */
  readonly proposed: Map<string, readonly string[]>
}

function freshPlace(): Place {
  return {
    toolOfCall: new Map(),
    toolOfTask: new Map(),
    toolOfApproval: new Map(),
    planning: new Set(),
    proposed: new Map(),
  }
}

function toolAskedAbout({ toolOfCall, toolOfTask }: Place, callId: string, subject: Subject | null): string {
  return (subject?.type === 'task' ? toolOfTask.get(subject.taskId) : toolOfCall.get(callId)) ?? ''
}

/** `text`: an input that could not be read. */
type Mask = {
  readonly input: (tool: string, given: Json) => Json
  readonly text: (tool: string, given: string) => string
  readonly shapes: InputShapes
}

function note(place: Place, event: PawlEvent): void {
  const { toolOfCall, toolOfTask, toolOfApproval, planning, proposed } = place
  switch (event.type) {
    case 'model_started':
      if (event.purpose === 'plan') planning.add(event.taskId)
      else planning.delete(event.taskId)
      return
    case 'model_responded':
      proposed.set(
        event.taskId,
        event.response.parts.flatMap((part) => ('tool' in part ? [part.tool] : [])),
      )
      return
    case 'decision_recorded':
      event.callIds.forEach((callId, index) => {
        toolOfCall.set(callId, proposed.get(event.taskId)?.[index] ?? '')
      })
      return
    case 'plan_proposed':
    case 'plan_tasks_listed':
      for (const { id, tool = '' } of event.tasks) toolOfTask.set(id, tool)
      return
    case 'task_started':
      if (event.callId !== undefined) toolOfCall.set(event.callId, toolOfTask.get(event.taskId) ?? '')
      return
    case 'approval_requested':
      toolOfApproval.set(event.approvalId, toolAskedAbout(place, event.callId, event.subject ?? null))
  }
}

function masked(event: PawlEvent, { toolOfCall, toolOfTask, toolOfApproval, planning }: Place, mask: Mask): PawlEvent {
  const { input, shapes } = mask
  switch (event.type) {
    case 'model_responded': {
      const { response } = event
      const isPlan = planning.has(event.taskId)
      const parts = response.parts.map((part) => maskedPart(isPlan ? maskedAnswer(part, input, shapes) : part, mask))
      return { ...event, response: { ...response, parts } }
    }
    case 'approval_resolved':
      if (event.input === undefined) return event
      return { ...event, input: input(toolOfApproval.get(event.approvalId) ?? '', event.input) }
    case 'call_judged': {
      const { judgement } = event
      if (judgement.type !== 'verdict' || judgement.input === undefined) return event
      return {
        ...event,
        judgement: { ...judgement, input: input(toolOfCall.get(event.callId) ?? '', judgement.input) },
      }
    }
    case 'plan_proposed':
    case 'plan_tasks_listed':
      return { ...event, tasks: maskedTasks(event.tasks, input) }
    case 'recovery_chosen':
      if (event.input === undefined) return event
      return { ...event, input: input(toolOfTask.get(event.taskId) ?? '', event.input) }
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
