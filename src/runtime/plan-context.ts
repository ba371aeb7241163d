/** What an agent's plans are looked at against. */
import {
  admit,
  type InputProblem,
  type Json,
  type JsonObject,
  type Limits,
  maskSensitive,
  type PlanContext,
  type PlanLimits,
  type PlanMode,
  type PlanSpecialist,
  type PlanTask,
  type PlanTool,
} from '../core/index.ts'
import type { AnyTool, Schema } from '../ports/index.ts'
import { everyIssue, jsonSchema } from '../schemas/json-schema.ts'
import type { Agent } from './define.ts'
import { type InputShapes, shapesOfAgent } from './mask-log.ts'
import { isThenable } from './policy-check.ts'
import { problemText } from './problem-text.ts'
import { shapesOf, tellingOf } from './sensitive-tool.ts'
import { issueText, UNTOLD } from './validate.ts'

export type PlanContextOptions = {
  readonly mode: PlanMode
  readonly limits: PlanLimits
  /** What a call's input may be, where that is known. */
  readonly inputs?: Pick<Limits, 'maxDepth' | 'maxInputBytes'>
}

/** Nothing of it waits or has effects: inputs are checked by the tools' own schemas, where these answer at once. */
export function planContextOf(agent: Agent, { mode, limits, inputs }: PlanContextOptions): PlanContext {
  return {
    mode,
    limits,
    tools: new Map([...agent.tools].map(([name, tool]) => [name, planTool(tool, inputs)])),
    specialists: specialistsOf(agent),
    checkers: checkersOf(agent),
    checkSchema: schemaCheck(),
    shownAs: (task) => maskedTask(task, shapesOfAgent(agent)),
  }
}

function specialistsOf({ specialists }: Agent): ReadonlyMap<string, PlanSpecialist> {
  return new Map([...specialists].map(([name, { tools }]) => [name, { tools }]))
}

function checkersOf({ planning }: Agent): ReadonlySet<string> {
  return new Set(planning?.checkers.keys())
}

function maskedTask(task: PlanTask, shapes: InputShapes): PlanTask {
  const { tool = '', input } = task
  if (input === undefined) return task
  const shown = shapes(tool).reduce<Json>((left, shape) => maskSensitive(left, shape), input)
  return shown === input ? task : { ...task, input: shown }
}

/** Looking at a schema takes some milliseconds, and a plan may have ten thousand. What is left is found when there is a result. */
const MAX_SCHEMAS_CHECKED = 100

function schemaCheck(): (schema: JsonObject) => string | null {
  const checked = new Map<string, string | null>()
  return (schema) => {
    const text = JSON.stringify(schema)
    const before = checked.get(text)
    if (before !== undefined || checked.size >= MAX_SCHEMAS_CHECKED) return before ?? null
    const wrong = problemOfSchema(schema)
    checked.set(text, wrong)
    return wrong
  }
}

function problemOfSchema(schema: JsonObject): string | null {
  try {
    jsonSchema(schema)
    return null
  } catch (problem) {
    return issueText(problemText(problem))
  }
}

function planTool(tool: AnyTool, inputs: PlanContextOptions['inputs']): PlanTool {
  return { effect: tool.effect, checkInput: (input) => tooLarge(input, inputs) ?? toldOf(tool, input) }
}

/** Told of the whole input: where it has references, whose values may be smaller than they are, that is in doubt until these are known. */
function tooLarge(input: Json, inputs: PlanContextOptions['inputs']): readonly InputProblem[] | null {
  if (inputs === undefined) return null
  const admitted = admit(input, { maxDepth: inputs.maxDepth, maxBytes: inputs.maxInputBytes }, 'refuse')
  return admitted.type === 'ok' ? null : [{ path: [], message: admitted.problem }]
}

/** As `validate` tells of a call: what a schema says is told where it says the same of what may be told. A person and the log read it. */
function toldOf(tool: AnyTool, input: Json): readonly InputProblem[] {
  const problems = problemsOf(tool.input, input)
  const shape = problems.length === 0 ? null : shapesOf(tool).input
  if (shape === null) return problems
  const { shown, text } = tellingOf([shape], input, asItIs)
  const sentenceOf = ({ path, message }: InputProblem) => JSON.stringify([path, text(message)])
  const tellable = new Set(problemsOf(tool.input, shown).map(sentenceOf))
  return problems.map((problem) =>
    tellable.has(sentenceOf(problem))
      ? { ...problem, message: text(problem.message) }
      : { ...problem, message: UNTOLD },
  )
}

/** Secrets stand in no plan by now. */
const asItIs = { text: (text: string) => text, json: <Value>(value: Value) => value }

/**
 * All issues, none left out: the ones that references cause are only told from the others by their paths. A schema that waits, or
 * that fails on an input with references in it (a `refine` that expects text), has said nothing; the call is judged again when it
 * is made.
 */
function problemsOf(schema: Schema, input: Json): readonly InputProblem[] {
  try {
    const result = schema['~standard'].validate(input, everyIssue)
    if (isThenable(result)) {
      // Whatever becomes of it is nobody's concern, also if it fails.
      Promise.resolve(result).catch(() => {})
      return []
    }
    return (result.issues ?? []).flatMap(problemsOfIssue)
  } catch {
    return []
  }
}

type Issue = NonNullable<Awaited<ReturnType<Schema['~standard']['validate']>>['issues']>[number]

/** zod blames the object around fields that it does not know, and names them beside; `jsonSchema` blames the field. */
function problemsOfIssue(issue: Issue): readonly InputProblem[] {
  const path = (issue.path ?? []).map(stepOf)
  const keys: unknown = Reflect.get(issue, 'code') === 'unrecognized_keys' ? Reflect.get(issue, 'keys') : undefined
  if (Array.isArray(keys) && keys.length > 0)
    return keys.map((key) => ({ path: [...path, String(key)], message: 'is not a known field', isUnknownField: true }))
  const unknown = Reflect.get(issue, 'isUnknownField') === true ? ({ isUnknownField: true } as const) : {}
  return [{ path, message: issueText(issue.message), ...unknown }]
}

/** Libraries write a step as a key, or as an object that has it. */
function stepOf(part: PropertyKey | { readonly key: PropertyKey }): string | number {
  const key = typeof part === 'object' ? part.key : part
  return typeof key === 'number' ? key : String(key)
}
