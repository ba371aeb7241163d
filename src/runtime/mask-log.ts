/** A log as it is shown: inputs without their sensitive fields, and without credentials that are known by their form. */
import {
  type Json,
  type JsonObject,
  type LogEvent,
  leavesOf,
  maskSensitive,
  type PawlEvent,
  SENSITIVE_MARK,
  type SensitiveShape,
  type State,
  sensitiveShape,
} from '../core/index.ts'
import type { Agent } from './define.ts'
import { createPlace, type Place } from './mask-place.ts'
import { maskedTasks, toldTasks } from './mask-plan.ts'
import type { Mask } from './mask-rule.ts'
import { fieldRules, mayBeOfMemory, mayBePlan } from './mask-rules.ts'
import { memoryRules } from './mask-rules-memory.ts'
import { createTaken } from './mask-taken.ts'
import type { Redactor } from './redact.ts'
import { shapesOf } from './sensitive-tool.ts'

/** What is sensitive in the inputs of a tool, by each definition that has a say: what any of them marks. Empty: nothing is. */
export type InputShapes = (tool: string) => readonly SensitiveShape[]

export interface LogMask {
  event<E extends { readonly event: PawlEvent }>(logEvent: E): E
  input(tool: string, input: Json): Json
  /** Tasks of a plan, and what else was made of inputs: without the sensitive values of what it was shown or has learned before. */
  tasks: Mask['tasks']
  told: Mask['told']
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
  const mask = createMask(shapes, redactor)
  return {
    event: (logEvent) => {
      place.note(logEvent.event)
      return { ...logEvent, event: masked(logEvent.event, place, mask) }
    },
    input: mask.input,
    tasks: mask.tasks,
    told: mask.told,
    needsShapes: (event) => {
      if (hasInput(event) || isToldOf(event)) return true
      if (event.type !== 'model_responded') return false
      if (mayBePlan(event, place) || mayBeOfMemory(event, place)) return true
      return event.response.parts.some((part) => 'tool' in part)
    },
    needsState: (event) => (hasInput(event) || isToldOf(event) || isAnswer(event, place)) && !place.isWhole(),
    learn: (state) => {
      place.learn(state)
      mask.learn(state)
    },
  }
}

function createMask(shapes: InputShapes, redactor: Redactor): Mask & { learn(state: State): void } {
  const taken = createTaken(SENSITIVE_MARK)
  /** Inputs that stood in the log before the reader began. Their shapes may not be known yet. */
  let before: readonly { readonly tool: string; readonly input: Json }[] = []
  const take = (value: Json) => taken.add(leavesOf(value))
  const hide = (own: readonly SensitiveShape[], given: Json): Json => {
    const isHidden = own.length > 0 && isNoInput(given)
    if (isHidden) take(given)
    // Each takes its own fields away; a mark of one is left by the next, or goes with what lies around it.
    return redactor.json(
      isHidden ? SENSITIVE_MARK : own.reduce<Json>((left, shape) => maskSensitive(left, shape, take), given),
    )
  }
  const input = (tool: string, given: Json) => hide(shapes(tool), given)
  const told = <Value extends Json>(given: Value): Value => {
    for (const known of before) input(known.tool, known.input)
    before = []
    return taken.json(redactor.json(given))
  }
  return {
    input,
    inputOf: (tools, given) => hide(tools.length === 0 ? hidesAll('') : tools.flatMap(shapes), given),
    text: (tool, given) => (shapes(tool).length === 0 ? redactor.text(given) : SENSITIVE_MARK),
    told,
    // Inputs first: their own values are then known for what is said of them.
    tasks: (tasks) => toldTasks(maskedTasks(tasks, input), told),
    shapes,
    learn: ({ calls, plan }) => {
      const planned = [...(plan?.versions ?? [])].flatMap(({ tasks }) =>
        tasks.flatMap(({ tool, input: given }) =>
          tool === undefined || given === undefined ? [] : [{ tool, input: given }],
        ),
      )
      before = [...[...calls.values()].map(({ tool, input: given }) => ({ tool, input: given })), ...planned]
    },
  }
}

/** Tools take objects: what is none was written by somebody who knew no better, with whatever in it. */
function isNoInput(given: Json): boolean {
  return given !== null && (typeof given !== 'object' || Array.isArray(given))
}

/** Of a call, or of the call that a task is, which stood in the log before. */
function hasInput(event: PawlEvent): boolean {
  if (event.type === 'approval_resolved' || event.type === 'recovery_chosen') return event.input !== undefined
  if (event.type === 'task_started') return event.input !== undefined || event.items !== undefined
  return event.type === 'call_judged' && event.judgement.type === 'verdict' && event.judgement.input !== undefined
}

/** Plans and memory may quote inputs that stood in the log before. */
function isToldOf(event: PawlEvent): boolean {
  if (event.type === 'plan_proposed' || event.type === 'plan_tasks_listed') return true
  if (event.type === 'model_started') return event.about?.type === 'compress'
  return Object.hasOwn(memoryRules, event.type)
}

function isAnswer(event: PawlEvent, place: Place): boolean {
  return event.type === 'model_responded' && mayBeOfMemory(event, place)
}

/** The same event where nothing of it is hidden. A field that this code does not know may hold anything. */
function masked(event: PawlEvent, place: Place, mask: Mask): PawlEvent {
  const context = { event, place, mask }
  // The table pairs each field with its own rule; the compiler cannot follow that through an index.
  const rules = fieldRules[event.type] as { readonly [field: string]: AnyRule | undefined }
  const fields = event as { readonly [field: string]: unknown }
  const hidden: { [field: string]: unknown } = {}
  // In the order of the table: what is said of inputs stands behind them there.
  for (const field of new Set([...Object.keys(rules), ...Object.keys(fields)])) {
    const value = fields[field]
    if (field === 'type' || value === undefined) continue
    const rule = Object.hasOwn(rules, field) ? rules[field] : undefined
    if (rule !== 'shown') hidden[field] = rule === undefined ? SENSITIVE_MARK : rule(value, context)
  }
  return Object.keys(hidden).length === 0 ? event : ({ ...event, ...hidden } as PawlEvent)
}

type AnyRule = 'shown' | ((value: unknown, context: { event: PawlEvent; place: Place; mask: Mask }) => unknown)

/** A whole log as it is shown. */
export function maskLog(log: readonly LogEvent[], mask: LogMask): readonly LogEvent[] {
  return log.map((logEvent) => mask.event(logEvent))
}
