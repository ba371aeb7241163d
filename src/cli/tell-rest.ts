/** The last words about a session that rests: how it ended, or whom it waits for. */
import { type State, status, statusWord, whyOf } from '../core/index.ts'
import type { App } from './app.ts'
import type { Exit } from './exit-codes.ts'
import { readLog } from './read-log.ts'
import { turnsOf } from './render/show.ts'
import { indent, joined } from './render/text.ts'
import { counted, duration, money } from './render/units.ts'
import { renderWhy } from './render/why.ts'
import { shortId } from './session-name.ts'
import { marks, statusTone, toned } from './style.ts'

export function exitOfState(state: State): Exit {
  const now = status(state)
  if (now.type === 'done') return 'ok'
  return now.type === 'failed' || now.type === 'cancelled' ? 'failed' : 'blocked'
}

export async function tellRest(app: App, state: State, exit: Exit): Promise<void> {
  const { tenant, sessionId } = state
  if (app.isJson) {
    const result = await app.runtime(null).result({ tenant, sessionId })
    return app.terminal.out(JSON.stringify({ type: 'result', exit, ...result }))
  }
  const { terminal } = app
  terminal.out('')
  if (exit === 'blocked') {
    const why = whyOf(await readLog(app, { tenant, sessionId }), shortId(sessionId))
    for (const line of renderWhy(why, { ...terminal, now: terminal.now() })) terminal.out(line)
    return
  }
  for (const line of endLines(state, app)) terminal.out(line)
}

function endLines(state: State, { terminal }: App): readonly string[] {
  const { style, textWidth } = terminal
  const word = statusWord(status(state))
  const tone = statusTone(word)
  const { type: ending, ...got } = state.ended?.ending ?? { type: 'none' as const }
  const gotten = [ending, ...Object.values(got)].join(' ')
  const mark = word === 'done' ? marks.ok : marks.bad
  const unresolved = [...state.index.unknown]
  const name = shortId(state.sessionId)
  const partial = state.ended?.isPartial === true ? ['partial'] : []
  const plan = state.plan === null || state.plan.version === 0 ? [] : [`pawl plan show ${name}`]
  return [
    `${toned(style, tone, `${mark} ${word}`)}  ${[state.ended?.reason, ...(ending === 'none' ? [] : [gotten]), ...partial].join(' · ')}`,
    `  ${style.dim(totals(state))}`,
    ...(unresolved.length === 0
      ? []
      : [style.yellow(`  ${marks.unknown} nobody knows the outcome of ${unresolved.join(', ')}: pawl why ${name}`)]),
    ...indent(
      joined([`session ${state.sessionId}`, `pawl trace ${name}`, `pawl why ${name}`, ...plan], textWidth - 2),
      2,
    ).map(style.dim),
  ]
}

/** `3 turns · 3 calls · 1,204 tokens · $0.0043 · 2.1 s`. */
export function totals(state: State): string {
  const { ledger } = state
  const { own, ofTasks } = turnsOf(state)
  const spent = [
    counted(own + ofTasks, 'turn'),
    counted(ledger.calls, 'call'),
    counted(ledger.tokens, 'token'),
    money(ledger.costMicroUsd),
  ]
  return [...spent, duration(state.at - state.startedAt)].join(' · ')
}
