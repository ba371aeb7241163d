/** How a worker reaches the ledger: HTTP over the loopback interface. */
import { text } from 'node:stream/consumers'
import type { Json } from 'pawl/core'
import type { ToolName } from './errand.ts'

// `import 'node:http'` reads all its members, and so loads its WebSocket too: a third of a worker's start.
const { Agent, request } = process.getBuiltinModule('node:http')

/** One attempt of one call. */
export type Place = {
  readonly sessionId: string
  readonly callId: string
  readonly attempt: number
  readonly key: string
}
/** `startBy`: the ledger refuses what reaches it later. */
export type Act = Place & { readonly tool: ToolName; readonly n: number; readonly startBy: number | null }
export type Acted = { readonly type: 'done'; readonly output: Json } | { readonly type: 'refused' | 'too_late' }
export type Verified = { readonly landed: 'yes' | 'no' | 'unknown' }

/** A tool was asked to run: this attempt, at this time. `answeredAt` is null where no answer was given. */
export type StartRow = Place & { readonly tool: ToolName; readonly at: number; readonly answeredAt: number | null }
/** An effect stands. */
export type LandingRow = Place & { readonly tool: ToolName; readonly at: number }
/** A request that came after `startBy`, and was refused. */
export type LateRow = LandingRow
export type Entries = {
  readonly starts: readonly StartRow[]
  readonly landings: readonly LandingRow[]
  readonly lates: readonly LateRow[]
}

export interface LedgerClient {
  /** Does what the tool does. Rejects where the answer was lost. */
  act(act: Act, signal: AbortSignal): Promise<Acted>
  /** Whether the attempt has landed; waits for what is under way. */
  verify(place: Place, signal: AbortSignal): Promise<Verified>
  /** All that happened in sessions whose id begins so, once nothing is under way there. */
  entries(prefix: string): Promise<Entries>
  close(): void
}

export function ledgerClient(port: number): LedgerClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const post = (path: string, body: unknown, signal?: AbortSignal): Promise<unknown> => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const options = { host: '127.0.0.1', port, path, method: 'POST', agent, ...(signal && { signal }) }
    const sent = request(options, (response) => {
      text(response).then((answer) => resolve(JSON.parse(answer)), reject)
    })
    sent.on('error', reject)
    sent.end(JSON.stringify(body))
    return promise
  }
  // The ledger is ours, and answers each path with its own type.
  return {
    act: async (act, signal) => (await post('/act', act, signal)) as Acted,
    verify: async (place, signal) => (await post('/verify', place, signal)) as Verified,
    entries: async (prefix) => (await post('/entries', { prefix })) as Entries,
    close: () => agent.destroy(),
  }
}
