import type { Json } from 'pawl/core'

/** A recorded call. `error`: the text that the tool failed with; then it has no output and left the state as it was. */
export type RecordedCall = {
  readonly tool: string
  readonly input: Json
  readonly outputSha256: string
  readonly error: string | null
  /** Of the state after the call; null where the record has none. */
  readonly stateSha256: string | null
}

/** A recorded task: what the user wants, and the calls that follow, one a turn. */
export type RecordedTask = {
  readonly id: string
  readonly message: string
  readonly calls: readonly RecordedCall[]
  readonly finalStateSha256: string
}

/** What a tool of a world ends in. */
export type WorldResult =
  | { readonly type: 'returned'; readonly output: Json }
  | { readonly type: 'refused'; readonly error: string }

export type WorldTool = {
  readonly name: string
  readonly description: string
  /** JSON Schema, as the data gives it. */
  readonly parameters: Json
  readonly writes: boolean
}

/** The state that one task works on. */
export interface TaskState {
  run(tool: string, input: Json): WorldResult
  sha256(): string
}

/** A world whose tasks were recorded. Every task starts from a state of its own. */
export interface RecordedWorld {
  readonly agent: string
  readonly instructions: string
  readonly tasks: readonly RecordedTask[]
  readonly tools: readonly WorldTool[]
  open(task: RecordedTask): TaskState
  /** The hash of an output, the way the record makes it. */
  outputSha256(output: Json): string
}
