/** What `run` and its like show of a session while it goes on: for people, or as NDJSON. */
import { askedFor, isOfMemory, type LogEvent, memoryStep, ROOT_TASK, type State } from '../core/index.ts'
import type { Agent, LiveDelta, WatchItem } from '../index.ts'
import type { App } from './app.ts'
import { createPlanPanel } from './plan-panel.ts'
import { createFlow } from './render/flow.ts'
import { createLive } from './render/live.ts'
import { oneLine, widthOf } from './render/text.ts'
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
  const { style, width, textWidth, isLive } = terminal
  const toolWidth = Math.max(NARROWEST_TOOL, ...[...(agent?.tools.keys() ?? [])].map(widthOf))
  const live = createLive({ style, width, textWidth, toolWidth })
  const screen = createScreen(terminal)
  const panel = isLive ? createPlanPanel(terminal) : null
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
  const lines = (texts: readonly string[]) => {
    if (texts.length > 0 && flow.isOpen) endText()
    for (const line of texts) screen.line(line)
  }
  const event = (logEvent: LogEvent, state: State) => {
    const step = live.event(logEvent, state)
    // The tree shows it.
    if (panel?.tells(logEvent.event, state)) return
    if (logEvent.event.type === 'session_ended') lines(panel?.last(state) ?? [])
    lines(step.heading)
    if (step.text !== null) say(restOf(step.text, streamed))
    if (flow.isOpen) endText()
    lines(step.lines)
  }
  let last: State | null = null
  return {
    item: (item, state) => {
      last = state
      if (item.type === 'event') event(item, state)
      else if (item.type === 'delta' && isSaid(item.delta, state)) say(item.delta.text)
      screen.status(() => ({ lines: panel?.lines(state) ?? [], text: underWay(state, terminal.now()) }))
    },
    close: () => {
      if (flow.isOpen) endText()
      screen.status(null)
      if (last !== null) lines(panel?.last(last) ?? [])
      screen.close()
    },
  }
}

/** Of several tasks side by side nothing can be streamed: what they say is shown when they have said it. */
function isSaid({ type, taskId }: LiveDelta, { tasks }: State): boolean {
  return type === 'text_delta' && taskId === ROOT_TASK && tasks.get(ROOT_TASK)?.purpose === 'decide'
}

/** Of an answer, what has not been streamed: all of it where another process drives, or where deltas were dropped. */
function restOf(text: string, streamed: string): string {
  if (text.startsWith(streamed)) return text.slice(streamed.length)
  return `\n${text}`
}

/** What the last line says while nothing else is to be read. */
function underWay(state: State, now: number): string | null {
  for (const task of state.tasks.values()) {
    const { phase, model, retryAt, purpose } = task
    if (phase === 'deciding' && model !== null) {
      const what = isOfMemory(purpose)
        ? `the model is asked for ${oneLine(askedFor(state, task))}`
        : 'the model is asked'
      return `${what} · ${duration(Math.max(0, now - model.startedAt))}`
    }
    if (phase === 'decide' && retryAt !== null) return `tries again in ${duration(Math.max(0, retryAt - now))}`
  }
  const running = [...state.index.started].flatMap((callId) => state.calls.get(callId) ?? [])
  const [first] = running
  if (first === undefined) return ofMemory(state)
  const what = running.length === 1 ? first.tool : counted(running.length, 'call')
  const since = Math.min(...running.map(({ startedAt }) => startedAt))
  return `${what} · ${duration(Math.max(0, now - since))}`
}

/** What a turn waits for that no model and no tool does. */
function ofMemory(state: State): string | null {
  if (state.parked !== null) return null
  for (const task of state.tasks.values()) {
    const step = memoryStep(state, task)
    if (step !== null) return `the next turn waits for ${oneLine(step)}`
  }
  return null
}
