/** The agent of the kill test: every tool has its effect in the ledger's process. */
import { setTimeout as after } from 'node:timers/promises'
import { type Agent, type AnyTool, agent, type ToolContext, ToolError, tool, type Verification } from 'pawl'
import { scripted } from 'pawl/models/scripted'
import { open, policy } from 'pawl/policies'
import { decide, isUnsafe, needsApproval, preparation, type ToolName, thinkingMs, toolKinds } from './errand.ts'
import type { LedgerClient } from './ledger-client.ts'
import { type NumberInput, numberSchema } from './number-schema.ts'
import type { WorkerPlants } from './planted-worker.ts'

export const AGENT = 'errand'
export const TOOL_TIMEOUT_MS = 250

/** What a worker adds: its planted bug, and somebody who is told when a tool is entered. */
export type Own = {
  readonly plants?: WorkerPlants
  readonly onEnter?: (entered: Entered) => void
}

type Entered = Pick<ToolContext, 'sessionId' | 'callId' | 'attempt' | 'startBy'> & { readonly isUnsafe: boolean }

export function errandAgent(ledger: LedgerClient, { plants = {}, onEnter = () => {} }: Own = {}): Agent {
  const ledgerTool = (terms: Terms) => toolOf(ledger, terms, onEnter)
  const unsafe = plants.unsafeAs ?? 'unsafe'
  const verify = unsafe === 'unsafe' ? { verify: verifier(ledger) } : {}
  return agent({
    name: AGENT,
    instructions: 'Run errands.',
    model: scripted(async ({ sessionId }, { turn }) => {
      await after(thinkingMs(sessionId, turn))
      return decide(sessionId, turn)
    }),
    tools: [
      ledgerTool({ name: 'read_page', effect: 'read', retries: 1 }),
      ledgerTool({ name: 'tag_ticket', effect: 'idempotent', retries: 2 }),
      { ...ledgerTool({ name: 'open_case', effect: unsafe }), ...verify },
      ledgerTool({ name: 'wire_money', effect: unsafe }),
    ],
    policies: [
      open('tag_ticket', 'open_case'),
      policy({
        name: 'large-wires',
        version: '1',
        tools: ['wire_money'],
        check: ({ call }) =>
          needsApproval(call.tool, call.input) ? { type: 'require_approval', reason: 'large' } : { type: 'allow' },
      }),
    ],
  })
}

type Terms = { readonly name: ToolName; readonly effect: AnyTool['effect']; readonly retries?: number }

function toolOf(ledger: LedgerClient, { name, effect, retries = 0 }: Terms, onEnter: (entered: Entered) => void) {
  return tool({
    name,
    description: `The tool ${name}.`,
    effect,
    retries,
    timeoutMs: TOOL_TIMEOUT_MS,
    input: numberSchema,
    run: async ({ n }: NumberInput, context) => {
      const { sessionId, callId, attempt, startBy } = context
      onEnter({ sessionId, callId, attempt, isUnsafe: isUnsafe(name), startBy })
      const place = placeOf(context)
      const { takesMs, heedsSignal } = preparation(name, place)
      await prepare(takesMs, context.signal)
      const signal = heedsSignal ? context.signal : new AbortController().signal
      // Nobody minds a late read.
      const until = toolKinds[name] === 'read' ? null : startBy
      const answer = await ledger.act({ ...place, tool: name, n, startBy: until }, signal)
      if (answer.type === 'done') return answer.output
      throw new ToolError(`the ledger says: ${answer.type}`, { retryable: true, tookEffect: false })
    },
  })
}

/** What a tool does before its effect. Aborted here it knows that nothing happened. */
async function prepare(takesMs: number, signal: AbortSignal): Promise<void> {
  try {
    await after(takesMs, undefined, { signal })
  } catch (cause) {
    throw new ToolError('aborted before it began', { retryable: true, tookEffect: false, cause })
  }
}

function verifier(ledger: LedgerClient) {
  return async (_key: string, context: ToolContext): Promise<Verification<unknown>> => {
    const { landed } = await ledger.verify(placeOf(context), context.signal)
    return landed === 'yes'
      ? { tookEffect: true, output: 'verified' }
      : { tookEffect: landed === 'no' ? false : 'unknown' }
  }
}

function placeOf({ sessionId, callId, attempt, idempotencyKey }: ToolContext) {
  return { sessionId, callId, attempt, key: idempotencyKey }
}
