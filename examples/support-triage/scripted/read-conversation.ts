/** What the messages of a request say, as the scripted model reads them. */
import type { ModelRequest } from 'pawl/ports'
import { z } from 'zod'

type Message = ModelRequest['messages'][number]
/** The result of a call, as a model is shown it. */
export type ToolMessage = Extract<Message, { readonly role: 'tool' }>

export type Conversation = {
  /** The customer's newest message. */
  readonly text: string
  /** The account that the customer named last, in any message. */
  readonly accountId: string | undefined
  readonly email: string | undefined
  /** What the tools have answered since the newest message, in order. */
  readonly results: readonly ToolMessage[]
}

/** Reads the newest message, who it is about, and what has come of it so far. */
export function readConversation(messages: readonly Message[]): Conversation {
  const texts = messages.flatMap((message) => (message.role === 'user' ? [message.text] : []))
  const newest = messages.findLastIndex((message) => message.role === 'user')
  return {
    text: texts.at(-1) ?? '',
    accountId: lastMatch(texts, /\bacct_\w+/),
    email: lastMatch(texts, /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/),
    results: messages.slice(newest + 1).filter((message) => message.role === 'tool'),
  }
}

function lastMatch(texts: readonly string[], pattern: RegExp): string | undefined {
  return texts.flatMap((text) => pattern.exec(text)?.[0] ?? []).at(-1)
}

const matchesSchema = z.object({
  matches: z.array(z.object({ page: z.string(), title: z.string(), snippet: z.string() })),
})

const chargeSchema = z.object({
  chargeId: z.string(),
  invoiceId: z.string(),
  description: z.string(),
  amountUsd: z.number(),
  status: z.enum(['authorized', 'settled', 'failed', 'refunded']),
  chargedAt: z.string(),
  refundCaseId: z.string().nullable(),
})
export type ShownCharge = z.output<typeof chargeSchema>

const accountSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('account_found'),
    account: z.object({ accountId: z.string(), verified: z.boolean() }),
    charges: z.array(chargeSchema),
    duplicateCharge: z
      .object({ invoiceId: z.string(), refundableChargeId: z.string(), amountUsd: z.number() })
      .nullable(),
  }),
  z.object({ type: z.literal('account_not_found'), message: z.string() }),
])
export type ShownAccount = z.output<typeof accountSchema>

const failureSchema = z.object({
  error: z.string().optional(),
  mayRetry: z.boolean().optional(),
  blocked: z.string().optional(),
  message: z.string().optional(),
})
export type Failure = z.output<typeof failureSchema>

/** The best page of the last search, or null. */
export function bestPage(results: readonly ToolMessage[]): { readonly title: string; readonly snippet: string } | null {
  const parsed = matchesSchema.safeParse(lastOf(results, 'search_docs')?.result)
  return parsed.data?.matches[0] ?? null
}

/** What the last look at an account has found, or null. */
export function shownAccount(results: readonly ToolMessage[]): ShownAccount | null {
  return accountSchema.safeParse(lastOf(results, 'lookup_billing_account')?.result).data ?? null
}

/** How the last call of a tool failed, or null where it did not, or was not made. */
export function failureOf(results: readonly ToolMessage[], tool: string): Failure | null {
  const last = lastOf(results, tool)
  if (last === undefined || !last.isError) return null
  return failureSchema.safeParse(last.result).data ?? {}
}

const caseSchema = z.object({ caseId: z.string() })

/** The case of the last refund call, or null. A call that a person has settled does not end the session by itself. */
export function openedCase(results: readonly ToolMessage[]): string | null {
  const last = lastOf(results, 'open_refund_case')
  return last === undefined || last.isError ? null : (caseSchema.safeParse(last.result).data?.caseId ?? null)
}

function lastOf(results: readonly ToolMessage[], tool: string): ToolMessage | undefined {
  return results.findLast((result) => result.tool === tool)
}
