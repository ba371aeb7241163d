/** The tools by which a model moves its plan and its tasks, as it is shown them, and what their inputs say. */
import type { Json, JsonObject } from '../json.ts'
import { failureClasses } from '../vocabulary.ts'
import type { PlanTask, ProposedPlan } from './plan.ts'

export const controlTools = ['plan', 'update_plan', 'delegate', 'fail_task'] as const
export type ControlTool = (typeof controlTools)[number]

export function isControlTool(name: string): name is ControlTool {
  return controlTools.some((known) => known === name)
}

export type ControlSpec = { readonly name: ControlTool; readonly description: string; readonly inputSchema: JsonObject }

/** What is offered beside an agent's own tools. `delegate` names the specialists that there are. */
export function controlSpec(name: ControlTool, specialists: readonly string[]): ControlSpec {
  return { name, description: descriptions[name], inputSchema: schemas[name](specialists) }
}

const descriptions: { readonly [T in ControlTool]: string } = {
  plan: 'Writes down the steps of the work, in their order; they stand in [PLAN] from then on. Calling it again replaces them.',
  update_plan:
    'Moves one step of [PLAN]: begin it (in_progress), end it (completed, with its result in a sentence), put it back (pending) or drop it (cancelled). One step is in progress at a time.',
  delegate:
    'Gives a piece of the work to somebody else, who sees nothing but the brief, and answers with the result. With `step`, that step of [PLAN] moves by itself.',
  fail_task: 'Says that this task cannot be done, and why. Use it instead of an answer that only looks like a result.',
}

const text = (description: string): JsonObject => ({ type: 'string', minLength: 1, description })

const schemas: { readonly [T in ControlTool]: (specialists: readonly string[]) => JsonObject } = {
  plan: () =>
    object({ goal: text('What is wanted, in a sentence.'), notes: text('What to keep in mind throughout.'), steps }, [
      'goal',
      'steps',
    ]),
  update_plan: () =>
    object(
      {
        step: { type: 'integer', minimum: 1, description: 'Its number in [PLAN].' },
        status: { enum: ['pending', 'in_progress', 'completed', 'cancelled'] },
        result: text('What came of it, in a sentence or two.'),
      },
      ['step', 'status'],
    ),
  delegate: (specialists) =>
    object(
      {
        name: text('What it is about, in some words.'),
        brief: text('Everything that is needed to do it: they see nothing else.'),
        ...(specialists.length > 0 && { specialist: { enum: [...specialists] } }),
        tools: {
          type: 'array',
          items: { type: 'string' },
          description: 'Tools that they need; those that write have to be named.',
        },
        step: { type: 'integer', minimum: 1, description: 'The step of [PLAN] that it is.' },
      },
      ['name', 'brief'],
    ),
  fail_task: () =>
    object(
      { class: { enum: [...failureClasses] }, reason: text('What is missing or wrong, for people and planners.') },
      ['class', 'reason'],
    ),
}

const steps: JsonObject = {
  type: 'array',
  minItems: 1,
  items: object({ name: text('What is done, in some words.'), description: text('How, where that is not plain.') }, [
    'name',
  ]),
}

function object(properties: JsonObject, required: readonly string[]): JsonObject {
  return { type: 'object', properties, required: [...required], additionalProperties: false }
}

type Fields = { readonly [key: string]: Json }

/** Schemas have looked at the inputs before; whatever they let through is read as far as it goes. */
function fieldsOf(input: Json): Fields {
  return typeof input === 'object' && input !== null && !Array.isArray(input) ? (input as Fields) : {}
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

/** Steps as tasks `s1`, `s2`, … */
export function readPlanCall(input: Json): ProposedPlan {
  const { goal, notes, steps: listed } = fieldsOf(input)
  const tasks = (Array.isArray(listed) ? listed : []).map((step: Json, index): PlanTask => {
    const { name, description } = fieldsOf(step)
    const said = textOf(description)
    return { id: `s${index + 1}`, name: textOf(name), dependsOn: [], ...(said !== '' && { description: said }) }
  })
  const kept = textOf(notes)
  return { goal: textOf(goal), ...(kept !== '' && { notes: kept }), tasks }
}

export type DelegateInput = {
  readonly name: string
  readonly brief: string
  readonly specialist?: string
  readonly tools?: readonly string[]
  readonly step?: number
}

export function readDelegate(input: Json): DelegateInput {
  const { name, brief, specialist, tools, step } = fieldsOf(input)
  return {
    name: textOf(name),
    brief: textOf(brief),
    ...(typeof specialist === 'string' && { specialist }),
    ...(Array.isArray(tools) && { tools: tools.filter((tool: Json): tool is string => typeof tool === 'string') }),
    ...(typeof step === 'number' && { step }),
  }
}

export function readFailTask(input: Json): {
  readonly failure: (typeof failureClasses)[number]
  readonly reason: string
} {
  const { class: named, reason } = fieldsOf(input)
  return { failure: failureClasses.find((each) => each === named) ?? 'tool_terminal', reason: textOf(reason) }
}

export function readStepMove(input: Json): { readonly step: number; readonly status: string; readonly result: string } {
  const { step, status, result } = fieldsOf(input)
  return { step: typeof step === 'number' ? step : 0, status: textOf(status), result: textOf(result) }
}
