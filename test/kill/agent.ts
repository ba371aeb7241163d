/** The agent of the kill test: every tool has its effect in the ledger's process. */
import { setTimeout as after } from 'node:timers/promises'
import { type Agent, type AnyTool, agent, type ToolContext, ToolError, tool, type Verification } from 'pawl'
import { scripted } from 'pawl/models/scripted'
import { open, policy } from 'pawl/policies'
import { decide, needsApproval, type ToolName, thinkingMs } from './errand.ts'
import type { LedgerClient } from './ledger-client.ts'
import { type NumberInput, numberSchema } from './number-schema.ts'
import type { WorkerPlants } from './planted-worker.ts'

export const AGENT = 'errand'
export const TOOL_TIMEOUT_MS = 250

export function errandAgent(ledger: LedgerClient, plants: WorkerPlants): Agent {
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
      ledgerTool(ledger, { name: 'read_page', effect: 'read', retries: 1 }),
      ledgerTool(ledger, { name: 'tag_ticket', effect: 'idempotent', retries: 2 }),
      { ...ledgerTool(ledger, { name: 'open_case', effect: unsafe }), ...verify },
      ledgerTool(ledger, { name: 'wire_money', effect: unsafe }),
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

function ledgerTool(ledger: LedgerClient, { name, effect, retries = 0 }: Terms) {
  return tool({
    name,
    description: `The tool ${name}.`,
    effect,
    retries,
    timeoutMs: TOOL_TIMEOUT_MS,
    input: numberSchema,
    run: async ({ n }: NumberInput, context) => {
      const answer = await ledger.act({ ...placeOf(context), tool: name, n }, context.signal)
      if (answer.type === 'done') return answer.output
      throw new ToolError('the ledger refused', { retryable: true, tookEffect: false })
    },
  })
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
