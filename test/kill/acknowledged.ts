import { PawlError, type Sent } from 'pawl'
import type { EventKind } from 'pawl/core'

/** Something that the API said yes to: it must stand in the log, at this place, for good. */
export type Acknowledged = {
  readonly sessionId: string
  readonly commandId: string
  readonly kind: EventKind
  readonly seq: number
}

/** What the people of a round were told. */
export interface Notes {
  readonly acknowledged: readonly Acknowledged[]
  /** Messages that were to revive a parked session, by the place of the message. */
  readonly revivals: readonly { readonly sessionId: string; readonly seq: number }[]
  /** Refusals by code, and answers that were lost. */
  readonly refused: ReadonlyMap<string, number>
  /** Repeats of a command that got another answer than the first. */
  readonly contradictions: readonly string[]
  /** What was thrown at people and is no error of the store: nothing else may be. */
  readonly surprises: readonly string[]
}

export interface Notebook extends Notes {
  started(sessionId: string, commandId: string): void
  /** True where the command was accepted. */
  answered(command: { readonly commandId: string; readonly kind: EventKind }, sent: Sent): boolean
  revived(sessionId: string, seq: number): void
  failed(problem: unknown): void
}

export function createNotebook(): Notebook {
  const byCommand = new Map<string, Acknowledged>()
  const revivals: { sessionId: string; seq: number }[] = []
  const refused = new Map<string, number>()
  const contradictions: string[] = []
  const surprises: string[] = []
  const countRefusal = (code: string): void => {
    refused.set(code, (refused.get(code) ?? 0) + 1)
  }
  return {
    get acknowledged() {
      return [...byCommand.values()]
    },
    revivals,
    refused,
    contradictions,
    surprises,
    started: (sessionId, commandId) => {
      byCommand.set(commandId, { sessionId, commandId, kind: 'session_started', seq: 1 })
    },
    answered: ({ commandId, kind }, sent) => {
      const first = byCommand.get(commandId)
      if (sent.type === 'refused') {
        countRefusal(sent.code)
        if (first !== undefined)
          contradictions.push(`${commandId} was accepted at ${first.seq}, then refused: ${sent.code}`)
        return false
      }
      const { sessionId, seq } = sent
      if (first !== undefined && first.seq !== seq)
        contradictions.push(`${commandId} was accepted at ${first.seq}, then at ${seq}`)
      byCommand.set(commandId, { sessionId, commandId, kind, seq })
      return true
    },
    revived: (sessionId, seq) => {
      revivals.push({ sessionId, seq })
    },
    failed: (problem) => {
      const code = problem instanceof PawlError ? problem.code : 'not_pawl'
      countRefusal(code)
      if (!code.startsWith('store_')) surprises.push(problem instanceof Error ? `${problem.stack}` : String(problem))
    },
  }
}
