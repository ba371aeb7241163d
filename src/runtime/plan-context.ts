/** What an agent's plans are looked at against. */
import type { InputProblem, Json, PlanContext, PlanLimits, PlanMode, PlanSpecialist, PlanTool } from '../core/index.ts'
import type { AnyTool, Schema } from '../ports/index.ts'
import type { Agent } from './define.ts'
import { isThenable } from './policy-check.ts'
import { issueText } from './validate.ts'

export type PlanContextOptions = { readonly mode: PlanMode; readonly limits: PlanLimits }

/** Nothing of it waits or has effects: inputs are checked by the tools' own schemas, where these answer at once. */
export function planContextOf(agent: Agent, { mode, limits }: PlanContextOptions): PlanContext {
  return {
    mode,
    limits,
    tools: new Map([...agent.tools].map(([name, tool]) => [name, planTool(tool)])),
    specialists: specialistsOf(agent),
    checkers: checkersOf(agent),
  }
}

function specialistsOf({ specialists }: Agent): ReadonlyMap<string, PlanSpecialist> {
  return new Map([...specialists].map(([name, { tools }]) => [name, { tools }]))
}

function checkersOf({ planning }: Agent): ReadonlySet<string> {
  return new Set(planning?.checkers.keys())
}

function planTool({ effect, input: schema }: AnyTool): PlanTool {
  return { effect, checkInput: (input) => problemsOf(schema, input) }
}

/**
 * All issues, none left out: the ones that references cause are only told from the others by their paths. A schema that waits, or
 * that fails on an input with references in it (a `refine` that expects text), has said nothing; the call is judged again when it
 * is made.
 */
function problemsOf(schema: Schema, input: Json): readonly InputProblem[] {
  try {
    const result = schema['~standard'].validate(input)
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
