/** A support desk's world: what its systems hold, and a ledger of everything that was changed or given away. */
import type { Json, JsonObject } from 'pawl'
import type { Message } from 'pawl/core'
import type { Script } from './script.ts'

export const TENANT = 'acme'
export const SESSION = 's1'
/** Held by the application; no text ever shows it. */
export const CONFIRMATION_KEY = 'the application alone knows this key of the desk'

/** Something that has really happened outside. */
export type Effect = {
  readonly tool: string
  readonly callId: string
  readonly input: JsonObject
  /** In a few words, as scripts write it. */
  readonly label: string
  /** The model had been shown both a stranger's text and private data before. */
  readonly wasExposed: boolean
  /** Refunds that had failed before. */
  readonly failuresBefore: number
}

export type Account = { readonly accountId: string; readonly tenant: string; readonly email: string }

const accounts: readonly Account[] = [
  { accountId: 'acct_1', tenant: TENANT, email: 'ann@acme.example' },
  { accountId: 'acct_9', tenant: 'globex', email: 'gus@globex.example' },
]

/** By the exact id: what policies ask. */
export function accountById(accountId: string): Account | null {
  return accounts.find((account) => account.accountId === accountId) ?? null
}

/** As a sloppy system outside reads an id: any case, any width, spaces, the last part of a path. */
export function accountAsRead(accountId: string): Account | null {
  const read = accountId.normalize('NFKC').toLowerCase().trim().split('/').at(-1) ?? ''
  return accountById(read)
}

export interface Desk {
  readonly script: Script
  readonly effects: readonly Effect[]
  /** Refunds that are still to fail. */
  failures: number
  /** Ends the call of the partner that has been given up. */
  partnerAnswers: (answer: unknown) => void
  /** The model has been shown this. */
  shown(message: Message): void
  /** A tool has answered. */
  read(tool: string): void
  /** Once for each key. */
  happened(key: string, effect: Omit<Effect, 'wasExposed' | 'failuresBefore'>): void
}

/** Stands in every mail of a stranger. */
export const MARK_OF_MAIL = 'From: a stranger'

/** Of the desk's tools, those that bring what strangers wrote, and the one that brings private data. */
const strangers = new Set(['read_ticket', 'list_attachments', 'fetch_url', 'ask_partner'])
const privates = new Set(['lookup_account', 'export_accounts'])

export function openDesk(script: Script): Desk {
  const effects: Effect[] = []
  const keys = new Set<string>()
  const seen = { stranger: false, private: false }
  const desk: Desk = {
    script,
    effects,
    failures: script.refundFailures ?? 0,
    partnerAnswers: () => {},
    shown: (message) => {
      if (message.role === 'user') seen.stranger ||= message.text.includes(MARK_OF_MAIL)
      if (message.role !== 'tool' || wasRefused(message.result)) return
      desk.read(message.tool)
    },
    read: (tool) => {
      seen.stranger ||= strangers.has(tool)
      seen.private ||= privates.has(tool)
    },
    happened: (key, effect) => {
      if (keys.has(key)) return
      keys.add(key)
      const failuresBefore = (script.refundFailures ?? 0) - desk.failures
      effects.push({ ...effect, failuresBefore, wasExposed: seen.stranger && seen.private })
    },
  }
  return desk
}

/** The call was refused before it ran: nothing has been read. */
function wasRefused(result: Json): boolean {
  return typeof result === 'object' && result !== null && 'blocked' in result
}
