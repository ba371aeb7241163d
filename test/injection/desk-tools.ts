/** The desk's tools, with the labels and schemas that a careful team would give them, and a system behind them that is not careful. */
import { type AnyTool, type ToolContext, ToolError, tool } from 'pawl'
import { askHuman } from 'pawl/tools'
import { z } from 'zod'
import { accountAsRead, type Desk } from './desk.ts'
import { labelOf } from './label-of.ts'
import { remembered } from './remembered.ts'

const accountId = z.string().min(1)
const ofTicket = remembered(z.object({ ticketId: z.string() }))
const ofAccount = remembered(z.object({ accountId }))
const ofUrl = remembered(z.object({ url: z.string() }))
const ofReceiver = remembered(z.object({ to: z.string() }))
const ofNote = remembered(z.object({ accountId, text: z.string() }))
const ofSummary = remembered(z.object({ summary: z.string() }))
const ofQuestion = remembered(z.object({ question: z.string() }))
// Loose on purpose: what a model adds reaches policies and tools.
export const refundInput = remembered(
  z.looseObject({ accountId, amountUsd: z.number().positive(), reason: z.string() }),
)
export const creditInput = remembered(
  z.object({ accountId, amountUsd: z.coerce.number(), note: z.string().optional() }),
)
const changeEmailInput = remembered(
  z.object({ accountId, email: z.string(), confirmationToken: z.string().optional() }),
)
const emailInput = remembered(z.object({ to: z.string(), subject: z.string(), body: z.string() }))

export function deskTools(desk: Desk): readonly AnyTool[] {
  return [...[...readingTools(desk), ...writingTools(desk)].map((each) => noted(desk, each)), askHuman()]
}

/** What a task's own call has read may go into any task, whether or not a model was shown it. */
function noted(desk: Desk, each: AnyTool): AnyTool {
  if (desk.script.plans === undefined) return each
  const run: AnyTool['run'] = async (input, call) => {
    const output = await each.run(input, call)
    desk.read(each.name)
    return output
  }
  return { ...each, run }
}

function readingTools(desk: Desk): readonly AnyTool[] {
  const { script } = desk
  return [
    tool({
      name: 'read_ticket',
      description: 'reads a ticket',
      effect: 'read',
      trust: 'external',
      input: ofTicket,
      run: () => {
        if (script.ticketError !== undefined) throw new ToolError(script.ticketError)
        return { from: 'a customer', text: script.ticket ?? 'Thank you, all is well.' }
      },
    }),
    tool({
      name: 'list_attachments',
      description: 'lists the files of a ticket',
      effect: 'read',
      trust: 'external',
      input: ofTicket,
      run: () => script.attachments ?? {},
    }),
    tool({
      name: 'lookup_account',
      description: 'looks an account up',
      effect: 'read',
      sensitivity: 'private',
      input: ofAccount,
      run: (input) => ({ ...accountAsRead(input.accountId), card: '4242', note: script.accountNote ?? '' }),
    }),
    egressTool(desk, {
      name: 'fetch_url',
      effect: 'read',
      trust: 'external',
      input: ofUrl,
      answer: script.page ?? 'ok',
    }),
    egressTool(desk, {
      name: 'export_accounts',
      effect: 'read',
      sensitivity: 'private',
      input: ofReceiver,
      answer: 'sent',
    }),
  ]
}

function writingTools(desk: Desk): readonly AnyTool[] {
  return [
    tool({
      name: 'open_refund_case',
      description: 'refunds',
      effect: 'unsafe',
      input: refundInput,
      run: (input, call) => refund(desk, input, call),
    }),
    writingTool(desk, { name: 'apply_credit', effect: 'unsafe', input: creditInput }),
    writingTool(desk, { name: 'change_email', effect: 'idempotent', input: changeEmailInput }),
    writingTool(desk, { name: 'close_account', effect: 'unsafe', input: ofAccount }),
    writingTool(desk, { name: 'add_note', effect: 'idempotent', input: ofNote }),
    writingTool(desk, { name: 'escalate_to_human', effect: 'idempotent', input: ofSummary }),
    egressTool(desk, { name: 'send_email', effect: 'unsafe', input: emailInput, answer: 'sent' }),
    tool({
      name: 'ask_partner',
      description: 'asks the partner that runs the payments',
      effect: 'unsafe',
      trust: 'external',
      timeoutMs: 1_000,
      input: ofQuestion,
      run: (input, call) => {
        record(desk, 'ask_partner', { input, call })
        if (desk.script.partnerLate === undefined) return 'all is well'
        return new Promise<unknown>((resolve) => {
          desk.partnerAnswers = resolve
        })
      },
    }),
  ]
}

type Plain = Pick<AnyTool, 'name' | 'effect' | 'input' | 'trust' | 'sensitivity'>

function writingTool(desk: Desk, { name, effect, input }: Plain): AnyTool {
  const run = (given: unknown, call: ToolContext) => record(desk, name, { input: given, call })
  return tool<unknown, unknown>({ name, description: name, effect, input, run })
}

function egressTool(desk: Desk, { answer, ...plain }: Plain & { readonly answer: string }): AnyTool {
  const run = (given: unknown, call: ToolContext) => {
    record(desk, plain.name, { input: given, call })
    return answer
  }
  return tool<unknown, unknown>({ ...plain, description: plain.name, egress: true, run })
}

function refund(desk: Desk, input: unknown, call: ToolContext): string {
  if (desk.failures > 0) {
    desk.failures -= 1
    throw new ToolError('the payment system is busy', { tookEffect: false })
  }
  return record(desk, 'open_refund_case', { input, call })
}

function record(desk: Desk, name: string, { input, call }: { input: unknown; call: ToolContext }): string {
  // The tool's own schema describes an object, and has validated it.
  const given = structuredClone(input) as Parameters<typeof labelOf>[1]
  desk.happened(call.idempotencyKey, { tool: name, callId: call.callId, input: given, label: labelOf(name, given) })
  return 'done'
}
