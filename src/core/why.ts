/** Why a session is blocked, waits, runs or has ended: from its events alone. */
import { Draft } from './draft.ts'
import type { LogEvent } from './event.ts'
import { freshState } from './fresh-state.ts'
import { reduce } from './reduce.ts'
import { status, statusWord } from './status.ts'
import { never } from './vocabulary.ts'
import { whyBlocked } from './why-blocked.ts'
import { whyEnded } from './why-ended.ts'
import { promptRows } from './why-prompt.ts'
import type { Why, WhyContext } from './why-row.ts'
import { whyRunning, whyWaiting } from './why-running.ts'

export type { Why, WhyAbout, WhyRow } from './why-row.ts'

/** `session` is what the commands in the answer call the session; its id stands in no event. */
export function whyOf(log: readonly LogEvent[], session = 'SESSION'): Why {
  const draft = new Draft(freshState('', session))
  let word = statusWord(status(draft.state))
  let sinceAt = log[0]?.at ?? 0
  for (const { event, at } of log) {
    reduce(draft, event, at)
    const after = statusWord(status(draft.state))
    if (after !== word) sinceAt = at
    word = after
  }
  const context = { log, state: draft.state, session }
  const { because, rows } = answer(context)
  return { status: word, sinceAt, because, rows: [...rows, ...promptRows(context)] }
}

function answer(context: WhyContext): Pick<Why, 'because' | 'rows'> {
  const now = status(context.state)
  switch (now.type) {
    case 'blocked':
      return whyBlocked(context, now.reason)
    case 'waiting':
      return whyWaiting(context, now.reason)
    case 'running':
      return whyRunning(context)
    case 'done':
    case 'failed':
    case 'cancelled':
      return whyEnded(context, now.reason)
    default:
      return never(now)
  }
}
