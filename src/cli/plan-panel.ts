/** The plan of a session while it goes on: its tree as it stands now, for a terminal whose lines can be rewritten. */
import {
  type EventKind,
  isExecuting,
  mustPlan,
  type PawlEvent,
  type PlanView,
  planViewOf,
  type State,
} from '../core/index.ts'
import { doingOf } from './render/plan-doing.ts'
import { renderPlanTree } from './render/plan-tree.ts'
import type { Terminal } from './terminal.ts'

export interface PlanPanel {
  /** Empty: no plan is being carried out, or there is no room for it. */
  lines(state: State): readonly string[]
  /** What the tree of a strict plan says better than a line: that its tasks begin, work and end well. Failures stay lines. */
  tells(event: PawlEvent, state: State): boolean
  /** The tree as it stays on the screen, once for each state of the plan; empty: it was not shown, or stands there already. */
  last(state: State): readonly string[]
}

/** Lines of the window that are left to what else is said. */
const LINES_BESIDE = 4
const LEAST_LINES = 6
const MAX_LINES = 60
/** So much of the time at most goes into drawing: a plan of thousands of tasks is drawn less often. */
const DRAWING_SHARE = 0.1

/** A plan is shown while it is carried out for the newest message. */
function isUnderPlan(state: State): boolean {
  if (state.plan === null || state.plan.version === 0) return false
  return isExecuting(state) || (state.route?.route === 'plan' && !mustPlan(state))
}

export function createPlanPanel(terminal: Terminal): PlanPanel {
  let seen: { readonly seq: number; readonly view: PlanView | null } = { seq: -1, view: null }
  let lastSeq = -1
  let drawn: { readonly lines: readonly string[]; readonly until: number } = { lines: [], until: 0 }
  const treeOf = (state: State, now: number, maxLines: number): readonly string[] => {
    if (seen.seq !== state.seq) seen = { seq: state.seq, view: planViewOf(state) }
    const { style, width, textWidth } = terminal
    const look = { style, width, textWidth, now, maxLines, doing: doingOf(state, now) }
    return seen.view === null ? [] : ['', ...renderPlanTree(seen.view, look)]
  }
  const roomNow = () => {
    const room = Math.min(MAX_LINES, terminal.height - LINES_BESIDE)
    return room < LEAST_LINES ? 0 : room
  }
  return {
    tells: (event, state) => roomNow() > 0 && isOfPlan(event, state),
    lines: (state) => {
      const room = roomNow()
      if (room === 0 || state.ended !== null || !isUnderPlan(state)) return []
      const from = terminal.now()
      if (from < drawn.until) return drawn.lines
      const lines = treeOf(state, from, room)
      drawn = { lines, until: from + (terminal.now() - from) / DRAWING_SHARE }
      return lines
    },
    last: (state) => {
      if (lastSeq === state.seq || !isUnderPlan(state)) return []
      lastSeq = state.seq
      return treeOf(state, terminal.now(), MAX_LINES)
    },
  }
}

function isOfPlan(event: PawlEvent, state: State): boolean {
  if (!isExecuting(state) || !toldByTree.has(event.type)) return false
  const taskId =
    'taskId' in event ? event.taskId : 'callId' in event ? state.calls.get(event.callId)?.taskId : undefined
  return taskId !== undefined && state.plan?.nodes.has(taskId) === true
}

const toldByTree: ReadonlySet<EventKind> = new Set([
  'task_started',
  'task_finished',
  'model_started',
  'model_responded',
  'model_lost',
  'decision_recorded',
  'call_judged',
  'call_started',
  'call_finished',
  'call_lost',
])
