/** Models that fill in a form write null where a field is left out. */
import type { Json, JsonObject } from '../json.ts'
import { isJsonObject } from './same-json.ts'

/** A plan without the fields that are null, its own and those of its tasks. In an input null is a value like any other. */
export function withoutNulls(plan: Json): Json {
  if (!isJsonObject(plan)) return plan
  const { tasks, ...others } = plan
  const given = filled(others)
  if (!Array.isArray(tasks)) return tasks === undefined ? given : { ...given, tasks }
  return { ...given, tasks: tasks.map((task: Json) => (isJsonObject(task) ? filledTask(task) : task)) }
}

function filledTask(task: JsonObject): JsonObject {
  const { input, ...others } = task
  const given = filled(others)
  const isInput = input !== undefined && (input !== null || given['tool'] !== undefined)
  return isInput ? { ...given, input } : given
}

function filled(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
}
