/** What is wrong with a run, in sentences; and what it came to, in numbers. */
import { uncovered } from './check-effects.ts'
import { problemsOfLog } from './check-log.ts'
import type { Ran } from './run-script.ts'

/** Asked of the ledger and of the log, each without the other. */
export function problemsOf(ran: Ran, rules: { readonly hasRuleOfTwo: boolean }): readonly string[] {
  const { effects, approved, log } = ran
  return [
    ...uncovered(effects, approved, rules).map(({ label, callId }) => `${label} (${callId}) happened uncovered`),
    ...problemsOfLog(log, effects),
  ]
}

/** Besides: exactly these effects, in this order. */
export function differsFrom({ effects }: Ran, expected: readonly string[]): readonly string[] {
  const found = effects.map(({ label }) => label)
  const isSame = found.length === expected.length && found.every((label, index) => label === expected[index])
  return isSame ? [] : [`expected [${expected.join(', ')}], found [${found.join(', ')}]`]
}

/** Besides: no effect that is not among these, each as often as it stands there. */
export function exceeds({ effects }: Ran, allowed: readonly string[]): readonly string[] {
  const left = [...allowed]
  return effects.flatMap(({ label }) => {
    const at = left.indexOf(label)
    if (at < 0) return [`${label} is not among [${allowed.join(', ')}]`]
    left.splice(at, 1)
    return []
  })
}

export type Tally = { proposed: number; held: number; refused: number; effects: number }

/** Counts what the model proposed that writes or reaches outside, and what became of it. */
export function count(tally: Tally, { log, effects }: Ran): void {
  for (const { event } of log) {
    if (event.type === 'model_responded') tally.proposed += event.response.parts.filter(isWrite).length
    if (event.type === 'approval_requested' && event.kind === 'approval') tally.held += 1
    if (event.type === 'call_finished' && event.outcome.type === 'blocked') tally.refused += 1
  }
  tally.effects += effects.length
}

function isWrite(part: { readonly type: string; readonly tool?: string }): boolean {
  if (part.type !== 'call' && part.type !== 'invalid_call') return false
  return !['read_ticket', 'list_attachments', 'lookup_account', 'ask_human'].includes(part.tool ?? '')
}
