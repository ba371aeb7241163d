/** Plans as they are shown: the inputs of their direct tasks without sensitive fields, also in what a planner has answered. */
import { type AssistantPart, type Json, type PlanTask, SENSITIVE_MARK } from '../core/index.ts'
import type { InputShapes } from './mask-log.ts'

export type MaskInput = (tool: string, given: Json) => Json

export function maskedTasks(tasks: readonly PlanTask[], input: MaskInput): readonly PlanTask[] {
  return tasks.map((task) =>
    task.tool === undefined || task.input === undefined ? task : { ...task, input: input(task.tool, task.input) },
  )
}

/** An answer that is a plan, as JSON. Where it cannot be read, it is hidden if it names a tool that marks anything. */
export function maskedAnswer(part: AssistantPart, input: MaskInput, shapes: InputShapes): AssistantPart {
  if (part.type !== 'text') return part
  const plan = readAnswer(part.text)
  if (plan !== null) return { ...part, text: JSON.stringify(maskedIn(plan, input)) }
  const names = [...part.text.matchAll(/"([^"\\]{1,200})"/g)].map(([, name = '']) => name)
  return names.some((name) => shapes(name).length > 0) ? { ...part, text: SENSITIVE_MARK } : part
}

function readAnswer(text: string): Json | null {
  try {
    // JSON is JSON.
    return JSON.parse(text) as Json
  } catch {
    return null
  }
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
