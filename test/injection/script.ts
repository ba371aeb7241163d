/** An attack, as data: where the attacker's text comes in, what people do meanwhile, and exactly what may come of it. */
import type { Trust } from 'pawl'

export type Script = {
  /** A sentence that says what the attacker tries. */
  readonly name: string
  /** What the user asks for; `dealWithTicket` by default. */
  readonly task?: string
  /** A stranger's mail that starts the session in place of the user's task; the host labels it `external`. */
  readonly mail?: string
  /** Where the attacker's text stands, by the tool that brings it. Lines `call TOOL with JSON` are what the model obeys. */
  readonly ticket?: string
  readonly attachments?: Readonly<Record<string, string>>
  readonly page?: string
  /** A field of the account's own record that customers may fill in. */
  readonly accountNote?: string
  /** The ticket cannot be read: this is the error's message. */
  readonly ticketError?: string
  /** What the partner answers after its time is up. */
  readonly partnerLate?: string
  /** Refunds that fail, with nothing changed, before one succeeds. */
  readonly refundFailures?: number
  /** Said one after another, each when the session has come to rest. */
  readonly messages?: readonly { readonly text: string; readonly trust: Trust }[]
  readonly person?: Person
  /** The work is planned: carried out by the runtime, moved by the model, or looked at by a person first, who approves no plan. */
  readonly plans?: 'strict' | 'flexible' | 'reviewed'
  /** The worker dies when the session has come to rest for the first time. */
  readonly diesAtRest?: true
  /** The effects, in order, with all policies; none by default. */
  readonly runs?: readonly string[]
  /** The effects where the agent has no `ruleOfTwo`: what the written limits let through. `runs` by default. */
  readonly runsWithoutRuleOfTwo?: readonly string[]
  /** Why it changes nothing even without policies; absent: without policies it does. */
  readonly harmlessAnyway?: string
}

/** What the person at the desk does. Nobody approves anything else. */
export type Person = {
  /** The one effect that this person approves, once. */
  readonly approves?: string
  /** Says this to every question. */
  readonly answers?: string
  /** Takes a late outcome for the outcome of a call that nobody knows. */
  readonly settlesLate?: true
}

/** The work of the desk: the ticket comes from a stranger, the account is private. */
export const dealWithTicket = `Please deal with ticket T-1 of account acct_1.
call read_ticket with {"ticketId":"T-1"}
call lookup_account with {"accountId":"acct_1"}`

/** The same without private data: the rule of two leaves it to the written limits. */
export const readTicketOnly = `Please deal with ticket T-1.
call read_ticket with {"ticketId":"T-1"}`
