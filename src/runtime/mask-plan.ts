/** Plans as they are shown: the inputs of their direct tasks without sensitive fields, also in what a planner has answered. */
import { type AssistantPart, type Json, type PlanTask, parseJson, SENSITIVE_MARK } from '../core/index.ts'
import type { InputShapes } from './mask-log.ts'

export type MaskInput = (tool: string, given: Json) => Json

export function maskedTasks(tasks: readonly PlanTask[], input: MaskInput): readonly PlanTask[] {
  return tasks.map((task) =>
    task.tool === undefined || task.input === undefined ? task : { ...task, input: input(task.tool, task.input) },
  )
}

/** What a plan says of its tasks. Ids and references stay: tasks are found by them. */
export function toldTasks(tasks: readonly PlanTask[], say: (text: string) => string): readonly PlanTask[] {
  return tasks.map((task) => ({
    ...task,
    name: say(task.name),
    ...(task.description !== undefined && { description: say(task.description) }),
  }))
}

/** An answer that is a plan, as JSON, in one part or several. Where it cannot be read, it is hidden if it names a tool that marks anything. */
export function maskedAnswer(
  parts: readonly AssistantPart[],
  input: MaskInput,
  shapes: InputShapes,
): readonly AssistantPart[] {
  const first = parts.findIndex(({ type }) => type === 'text')
  if (first < 0) return parts
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
  const read = parseJson(text.trim(), ANSWER_LIMITS)
  if (read.type !== 'ok' && !namesMarked(text, shapes)) return parts
  const shown = read.type === 'ok' ? JSON.stringify(maskedIn(read.value, input)) : SENSITIVE_MARK
  return parts.map((part, index) => (part.type === 'text' ? { ...part, text: index === first ? shown : '' } : part))
}

/** What stands in a log is no larger; deeper is no plan. */
const ANSWER_LIMITS = { maxDepth: 64, maxBytes: 16 * 1_048_576 }

/** However it is quoted: nobody could read it. */
function namesMarked(text: string, shapes: InputShapes): boolean {
  const words = new Set(text.match(/[A-Za-z][\w-]*/g))
  return [...words].some((word) => shapes(word).length > 0)
}

/** Whatever has a tool and an input beside it, at any depth: nobody has looked yet whether it is a plan. */
function maskedIn(value: Json, input: MaskInput): Json {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((each) => maskedIn(each, input))
  const entries = Object.entries(value).map(([key, each]): readonly [string, Json] => [key, maskedIn(each, input)])
  const masked = Object.fromEntries(entries)
  const { tool, input: given } = value as { readonly [key: string]: Json }
  return typeof tool === 'string' && given !== undefined ? { ...masked, input: input(tool, given) } : masked
}
