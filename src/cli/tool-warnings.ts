/** What makes a model choose badly among tools, too many or one that is several; and what lets a stranger direct it. */
import type { Json, JsonObject } from '../core/index.ts'
import type { Agent, Limits } from '../index.ts'
import { exposureWarnings } from './exposure-warnings.ts'

/** Enough verbs to tell `enum: ['create', 'delete']` from `enum: ['red', 'green']`. */
const VERBS: ReadonlySet<string> = new Set(
  `add append apply approve archive assign cancel check clear close copy create deactivate delete deploy disable download edit
  enable execute export fetch find get import insert install invite list load lock lookup merge modify move open patch pause post
  put query read refund reject remove rename reopen replace reset restart restore resume revoke rollback run save search send set
  show start stop submit sync transfer trigger unassign undo uninstall unlock update upload upsert view write`.split(
    /\s+/,
  ),
)
/** An enum is a choice of verbs where at least this share of it is. */
const VERB_SHARE = 0.5

export function toolWarnings(agent: Agent, { warnTools }: Limits): readonly string[] {
  const { name, toolSpecs } = agent
  const many =
    toolSpecs.length > warnTools
      ? [
          `${name} has ${toolSpecs.length} tools; models choose badly among more than ${warnTools}. Give parts of the work to specialists.`,
        ]
      : []
  const several = toolSpecs.flatMap((spec) =>
    verbEnums(spec.inputSchema).map(
      ({ field, verbs }) =>
        `${spec.name} is several tools in one: its ${field} chooses among ${verbs.join(', ')}. Make one tool of each, with one intention.`,
    ),
  )
  return [...many, ...several, ...strayPolicies(agent), ...exposureWarnings(agent)]
}

/** A policy that names a tool which the agent does not have governs nothing: the name is mistyped, or the tool is gone. */
function strayPolicies({ name, tools, policies }: Agent): readonly string[] {
  return policies.flatMap((policy) =>
    (policy.tools === '*' ? [] : policy.tools)
      .filter((tool) => !tools.has(tool))
      .map((tool) => `the policy ${policy.name} names ${tool}, which is no tool of ${name}: it governs nothing.`),
  )
}

type VerbEnum = { readonly field: string; readonly verbs: readonly string[] }

function verbEnums({ properties }: JsonObject): readonly VerbEnum[] {
  if (!isObject(properties)) return []
  return Object.entries(properties).flatMap(([field, schema]) => {
    const values =
      isObject(schema) && Array.isArray(schema['enum'])
        ? schema['enum'].filter((value) => typeof value === 'string')
        : []
    const verbs = values.filter((value) => VERBS.has(firstWord(value)))
    return verbs.length >= 2 && verbs.length >= values.length * VERB_SHARE ? [{ field, verbs }] : []
  })
}

/** `createOrder` and `create_order` begin with `create`. */
function firstWord(value: string): string {
  return (/^[a-z]+/.exec(value.replace(/^[A-Z]+/, (capitals) => capitals.toLowerCase()))?.[0] ?? '').toLowerCase()
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
