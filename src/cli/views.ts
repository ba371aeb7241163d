/** What `run` and its like show of a session while it goes on: for people, or as NDJSON. */
import type { LogEvent, State } from '../core/index.ts'
import type { Agent, WatchItem } from '../index.ts'
import type { App } from './app.ts'
import { createFlow } from './render/flow.ts'
import { createLive } from './render/live.ts'
import { widthOf } from './render/text.ts'
import { counted, duration } from './render/units.ts'
import { createScreen } from './screen.ts'

export interface View {
  /** `state` is that after the event. Deltas come before the event that they belong to. */
  item(item: WatchItem, state: State): void
  close(): void
}

export function viewOf(app: App, agent: Agent | undefined): View {
  return app.isJson ? jsonView(app) : liveView(app, agent)
}

function jsonView({ terminal }: App): View {
  return { item: (item) => terminal.out(JSON.stringify(item)), close: () => {} }
}

const TEXT_INDENT = 2
const NARROWEST_TOOL = 10

function liveView({ terminal }: App, agent: Agent | undefined): View {
  const { style, width, textWidth } = terminal
  const toolWidth = Math.max(NARROWEST_TOOL, ...[...(agent?.tools.keys() ?? [])].map(widthOf))
  const live = createLive({ style, width, textWidth, toolWidth })
  const screen = createScreen(terminal)
  const flow = createFlow({ width: textWidth, indent: TEXT_INDENT })
  let streamed = ''
  const say = (piece: string) => {
    streamed += piece
    screen.chunk(flow.push(piece))
  }
  const endText = () => {
    screen.chunk(flow.end())
    streamed = ''
  }
  const event = (logEvent: LogEvent, state: State) => {
    const { text, lines } = live.event(logEvent, state)
    if (text !== null) say(restOf(text, streamed))
    if (flow.isOpen) endText()
    for (const line of lines) screen.line(line)
    screen.status(() => underWay(state, terminal.now()))
  }
  return {
    item: (item, state) => {
      if (item.type === 'event') event(item, state)
      else if (item.type === 'delta' && item.delta.type === 'text_delta') say(item.delta.text)
    },
    close: () => {
      if (flow.isOpen) endText()
      screen.close()
    },
  }
}

/** Of an answer, what has not been streamed: all of it where another process drives, or where deltas were dropped. */
function restOf(text: string, streamed: string): string {
  if (text.startsWith(streamed)) return text.slice(streamed.length)
  return `\n${text}`
}

/** What the last line says while nothing else is to be read. */
function underWay(state: State, now: number): string | null {
  for (const { phase, model, retryAt } of state.tasks.values()) {
    if (phase === 'deciding' && model !== null)
      return `the model is asked · ${duration(Math.max(0, now - model.startedAt))}`
    if (phase === 'decide' && retryAt !== null) return `tries again in ${duration(Math.max(0, retryAt - now))}`
  }
  const running = [...state.index.started].flatMap((callId) => state.calls.get(callId) ?? [])
  const [first] = running
  if (first === undefined) return null
  const what = running.length === 1 ? first.tool : counted(running.length, 'call')
  const since = Math.min(...running.map(({ startedAt }) => startedAt))
  return `${what} · ${duration(Math.max(0, now - since))}`
}
