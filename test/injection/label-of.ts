import type { Json, JsonObject } from 'pawl'
import { accountAsRead } from './desk.ts'

/** What an effect comes to in the world, in a few words: `refund acct_1 40`. Ids as the systems outside read them. */
export function labelOf(tool: string, input: JsonObject): string {
  const account = accountAsRead(text(input['accountId']))?.accountId ?? 'nobody'
  switch (tool) {
    case 'open_refund_case':
      return `refund ${account} ${text(input['amountUsd'])}`
    case 'apply_credit':
      return `credit ${account} ${text(input['amountUsd'])}`
    case 'change_email':
      return `set email ${account} ${text(input['email'])}`
    case 'close_account':
      return `close ${account}`
    case 'add_note':
      return `note ${account}`
    case 'send_email':
      return `mail ${text(input['to'])}`
    case 'fetch_url':
      return `fetch ${hostOf(text(input['url']))}`
    case 'export_accounts':
      return `export ${text(input['to'])}`
    default:
      return tool
  }
}

function text(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'nowhere'
}
