/** The public JSON Schema of a plan: what `readPlan` reads, in words that a model can write by. */
import type { JsonObject } from '../json.ts'
import { ROOT_TASK } from '../state.ts'

const text = (description: string): JsonObject => ({ type: 'string', minLength: 1, description })
const wholeNumber = (least: number, description: string): JsonObject => ({
  type: 'integer',
  minimum: least,
  maximum: Number.MAX_SAFE_INTEGER,
  description,
})
const strict = (properties: JsonObject, required: readonly string[], description: string): JsonObject => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
  description,
})
const list = (description: string, items: JsonObject = { type: 'string' }): JsonObject => ({
  type: 'array',
  items,
  description,
})

const reference = strict(
  {
    $from: { type: 'string', description: 'Id of the task whose result it is.' },
    path: {
      type: 'string',
      description: 'JSON Pointer (RFC 6901) into that result, as "/rows/0/id". Absent: all of it.',
    },
  },
  ['$from'],
  'One child is started for each element of the list that this names; in their input, {"$from": "$item"} stands for the element.',
)

const id = {
  type: 'string',
  pattern: '^[A-Za-z0-9_.-]{1,64}$',
  not: { anyOf: [{ enum: ['__proto__', 'constructor', 'prototype', ROOT_TASK] }, { pattern: '^d-c\\d+$' }] },
  description: 'Names the task within the plan: letters, digits, "_", "-" and ".", at most 64. No two tasks share one.',
} as const

const cap = strict(
  {
    turns: wholeNumber(1, 'Turns of its loop.'),
    tokens: wholeNumber(1, 'Tokens, prompt and output.'),
    costMicroUsd: wholeNumber(1, 'Cost, in millionths of a dollar.'),
  },
  [],
  'What the task may use at most. Absent: what the session has left.',
)

const acceptSchema = strict(
  { schema: { type: 'object', description: 'JSON Schema that the result has to fit.' } },
  ['schema'],
  'The result is judged by a schema.',
)
const acceptChecker = (checker: JsonObject): JsonObject =>
  strict(
    { checker: { description: 'Name of a checker.', ...checker } },
    ['checker'],
    'The result is judged by a checker.',
  )
const accept = (ways: readonly JsonObject[]): JsonObject => ({
  anyOf: ways,
  description: 'Decides whether a result is one; without it, any result is.',
})

const taskProperties = {
  id,
  name: text('What is done, in a few words: one verb, one object. Absent: its id.'),
  description: {
    type: 'string',
    description: 'What is to be done and what the result has to hold, for whoever does it.',
  },
  dependsOn: list(
    'Ids of the tasks whose results this one needs. Tasks that wait for nothing of each other run side by side.',
  ),
  needs: {
    type: 'string',
    enum: ['completed', 'settled'],
    description: '"settled": it starts when its dependencies have ended in whatever way; for a task that sums up.',
  },
  parent: {
    type: 'string',
    description: 'Id of the task that this one is a part of. That task does no work of its own.',
  },
  specialist: { type: 'string', description: 'Who works on it. Absent: the agent itself.' },
  tools: list('What its loop may call. Absent: the tools of its specialist that read; what writes has to be named.'),
  tool: {
    type: 'string',
    description: 'The task is one call of this tool, with `input`. Absent: it is worked on by a loop.',
  },
  input: {
    description:
      'Input of `tool`. Anywhere in it {"$from": "taskId", "path": "/pointer"} stands for the result of another task, or a part of it. Nothing can be computed: where that is needed, use a task without `tool`.',
  },
  cap,
  timeoutMs: wholeNumber(1, 'How long it may take, in milliseconds.'),
  expectedMs: wholeNumber(0, 'How long it takes as a rule, in milliseconds.'),
  accept: accept([acceptSchema, acceptChecker({ type: 'string' })]),
  exclusive: { type: 'boolean', description: 'Nothing may run beside it.' },
  optional: { type: 'boolean', description: 'Its parent does not fail with it.' },
  forEach: reference,
} as const satisfies JsonObject

const planOf = (tasks: JsonObject): JsonObject => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Plan',
  ...strict(
    {
      goal: text('What is reached when all tasks are done.'),
      notes: { type: 'string', description: 'What whoever works on it should keep in mind.' },
      criticalPath: list('Ids of the tasks that decide how long it takes, in their order.'),
      tasks: { type: 'array', minItems: 1, items: tasks, description: 'Every task once, in an order that reads well.' },
    },
    ['goal', 'tasks'],
    'Tasks with what they wait for. Each is one call of a tool, or work for a loop, or is made of the tasks that name it as their parent.',
  ),
})

const taskOf = (properties: JsonObject, required: readonly string[]): JsonObject =>
  strict(properties, required, 'A piece of work with one result.')

/** JSON Schema (2020-12) of a plan that nobody has looked at yet. */
export const planSchema: JsonObject = planOf(taskOf(taskProperties, ['id']))

export type PlanNames = {
  readonly tools: Iterable<string>
  readonly specialists: Iterable<string>
  readonly checkers: Iterable<string>
}

/** The same for a planner: only names that there are, and no field that could name nothing. */
export function planSchemaFor({ tools, specialists, checkers }: PlanNames): JsonObject {
  const { tool, tools: useable, input, specialist, forEach, accept: _, ...others } = taskProperties
  const toolNames = oneOfNames(tools)
  const specialistNames = oneOfNames(specialists)
  const checkerNames = oneOfNames(checkers)
  return planOf(
    taskOf(
      {
        ...others,
        ...(specialistNames === null ? {} : { specialist: { ...specialist, ...specialistNames } }),
        ...(toolNames === null
          ? {}
          : { tools: { ...useable, items: toolNames }, tool: { ...tool, ...toolNames }, input }),
        forEach,
        accept: accept([acceptSchema, ...(checkerNames === null ? [] : [acceptChecker(checkerNames)])]),
      },
      ['id', 'name'],
    ),
  )
}

function oneOfNames(names: Iterable<string>): JsonObject | null {
  const listed = [...new Set(names)]
  return listed.length === 0 ? null : { type: 'string', enum: listed }
}
