import type { Schema } from '../ports/index.ts'
import { InvalidPolicyError } from './errors.ts'

/** A tool, or its name. With the tool itself, functions over its input are typed by its schema. */
export type ToolReference<Input = unknown> = string | { readonly name: string; readonly input: Schema<Input> }

export function nameOf(tool: ToolReference): string {
  return typeof tool === 'string' ? tool : tool.name
}

/**
 * The names of a policy's tools, sorted, each once, so that the order in which they were written changes no version.
 * @throws InvalidPolicyError if there is none, or one is empty.
 */
export function namesOf(policy: string, tools: readonly ToolReference[]): readonly string[] {
  const names = [...new Set(tools.map(nameOf))].sort()
  if (names.length > 0 && names.every((name) => typeof name === 'string' && name !== '')) return names
  throw new InvalidPolicyError(`${policy} expected at least one tool, each with a name; found ${JSON.stringify(names)}`)
}
