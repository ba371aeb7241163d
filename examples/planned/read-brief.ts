/** Reads what the loop of a task is told, as a script has to: a real model just reads it. */
import type { Json, ModelRequest } from 'pawl'

export type ReadBrief = {
  /** Name and description of the task, as they stand in the plan. */
  readonly task: string
  /** By task: what it has come to. */
  readonly results: ReadonlyMap<string, ShownResult>
  /** `task → why` of those that have no result. */
  readonly missing: readonly string[]
}

export type ShownResult = {
  /** JSON, unless it was cut. */
  readonly text: string
  /** Undefined: it was too long to be shown whole. */
  readonly value: Json | undefined
}

export function readBrief({ messages }: ModelRequest): ReadBrief {
  const [first] = messages
  const text = first?.role === 'user' ? first.text : ''
  const results = quotedLines(text, 'RESULTS').flatMap((line) => {
    const { id, shown = '' } = /^(?<id>[\w.-]+): .*? → (?<shown>.*)$/.exec(line)?.groups ?? {}
    return id === undefined ? [] : [[id, { text: shown, value: parsed(shown) }] as const]
  })
  return {
    task: quotedLines(text, 'TASK').join('\n'),
    results: new Map(results),
    missing: quotedLines(text, 'MISSING'),
  }
}

/** What a tool has answered so far in this task, oldest first; errors are left out. */
export function resultsOf({ messages }: ModelRequest, tool: string): readonly Json[] {
  return messages.flatMap((each) =>
    each.role === 'tool' && each.tool === tool && !each.isError ? [contentOf(each.result)] : [],
  )
}

/** Whether it was called in this task at all, also where every call failed. */
export function hasCalled({ messages }: ModelRequest, tool: string): boolean {
  return messages.some((each) => each.role === 'tool' && each.tool === tool)
}

function quotedLines(brief: string, section: string): readonly string[] {
  const [, after = ''] = brief.split(`\n[${section}]\n`)
  const [within = ''] = after.split(/\n\n\[[A-Z ]+\]\n/)
  return within.split('\n').flatMap((line) => (line.startsWith('> ') ? [line.slice(2)] : []))
}

/** Text of strangers comes marked as such. */
function contentOf(result: Json): Json {
  const isMarked = typeof result === 'object' && result !== null && !Array.isArray(result) && 'external' in result
  return isMarked ? (result['content'] ?? null) : result
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json // what JSON.parse makes is JSON
  } catch {
    return undefined
  }
}
