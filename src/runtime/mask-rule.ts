/** How one field of an event is shown. */
import type { EventKind, EventOf, EventTable, Json, PlanTask } from '../core/index.ts'
import type { InputShapes } from './mask-log.ts'
import type { Place } from './mask-place.ts'

/** What a rule may use. */
export type Mask = {
  /** The input of a call of this tool. What it takes out is known from then on, and `told` takes it out too. */
  readonly input: (tool: string, given: Json) => Json
  /** Of one of these tools; of any, where there are none. */
  readonly inputOf: (tools: readonly string[], given: Json) => Json
  /** An input that could not be read. */
  readonly text: (tool: string, given: string) => string
  /** What was made of inputs among other things, as memory is: without the sensitive values of all that the log has shown before. */
  readonly told: <Value extends Json>(given: Value) => Value
  /** Tasks of a plan: their inputs masked, and what is said of them told. Whoever plans has seen inputs, too. */
  readonly tasks: (tasks: readonly PlanTask[]) => readonly PlanTask[]
  readonly shapes: InputShapes
}

export type RuleContext<K extends EventKind> = {
  readonly event: EventOf<K>
  readonly place: Place
  readonly mask: Mask
}

/** `shown`: as it is. */
export type Rule<K extends EventKind, Value> = 'shown' | ((value: Value, context: RuleContext<K>) => Value)

/** A line for each field of each kind: a new one does not compile before somebody has decided what is shown of it. */
export type FieldRules<K extends EventKind> = {
  readonly [Kind in K]: {
    readonly [Field in keyof EventTable[Kind]]-?: Rule<Kind, Exclude<EventTable[Kind][Field], undefined>>
  }
}

/** Of something that a model or a function has made of inputs, or beside them. */
export function told<Value>(value: Value, { mask }: { readonly mask: Mask }): Value {
  // Fields of events are JSON.
  return mask.told(value as Json) as Value
}
