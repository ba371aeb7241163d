/** What the proof tells its workers, and what their tools write down. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import type { Limits } from 'pawl'

export type StallBug = 'never_gives_up' | 'stalled_is_dead'
export type Bug = StallBug | 'unchecked_start'

export type Orders = {
  readonly storePath: string
  /** One line of JSON for each thing that a tool does. */
  readonly deedsPath: string
  /** Made by the proof when the tools may go on. */
  readonly goPath: string
  readonly limits: Partial<Limits>
  readonly bug: Bug | null
}

/** What the message of a session asks for. */
export type Errand = {
  readonly tool: 'look' | 'pay' | 'block' | 'spin' | 'pay_beside'
  readonly ms: number
  readonly file?: string
}

type Deed = {
  readonly what: 'looked' | 'paid' | 'blocks' | 'blocked'
  readonly sessionId: string
  readonly key: string
  readonly pid: number
  readonly at: number
}

export function writeDeed({ deedsPath }: Pick<Orders, 'deedsPath'>, deed: Omit<Deed, 'pid' | 'at'>): void {
  appendFileSync(deedsPath, `${JSON.stringify({ ...deed, pid: process.pid, at: Date.now() })}\n`)
}

export function readDeeds({ deedsPath }: Pick<Orders, 'deedsPath'>): readonly Deed[] {
  if (!existsSync(deedsPath)) return []
  const lines = readFileSync(deedsPath, 'utf8').split('\n').slice(0, -1)
  // Written above, a line at a time.
  return lines.map((line) => JSON.parse(line) as Deed)
}
