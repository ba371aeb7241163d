/**
 * Bugs that the simulator must catch: each takes one rule of DESIGN section 1 away, in the wiring, and is found by the same
 * generator and the same invariants as everything else. None of them is in a shipped path.
 */
import { type Answer, type Handled, handle, type PawlEvent, type State } from '../../core/index.ts'
import type { UnderWay } from '../../runtime/under-way.ts'
import { acknowledgesEarly, appendLater, headOf, restsAnyway, withAppend } from './planted-stores.ts'
import type { Plant } from './simulate.ts'
import { MAX_OUTPUT_TOKENS } from './workload.ts'

export type PlantedBug = {
  readonly name: string
  /** It must be caught within this many seeds from seed 1. */
  readonly withinSeeds: number
  readonly plant: Plant
}

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'next without the fence',
    withinSeeds: 1_000,
    plant: {
      wiring: (parts) => ({ ...parts, next: (state, moment) => parts.next(unfenced(state, moment.fence), moment) }),
    },
  },
  {
    name: 'an action leaves "under way" when its promise settles',
    withinSeeds: 1_000,
    plant: { wiring: (parts) => ({ ...parts, createUnderWay: () => leavesAtArrival(parts.createUnderWay()) }) },
  },
  {
    name: 'the draft kept after a conflict',
    withinSeeds: 1_000,
    plant: { wiring: (parts) => ({ ...parts, undoPass: () => {} }) },
  },
  {
    name: 'completions folded undoubted',
    withinSeeds: 1_000,
    plant: { wiring: (parts) => ({ ...parts, handle: undoubted }) },
  },
  {
    name: 'a merely started call may be settled',
    withinSeeds: 1_000,
    plant: { wiring: (parts) => ({ ...parts, handle: settlesStarted }) },
  },
  {
    name: 'no lease check before a start',
    withinSeeds: 3_000,
    plant: { wiring: (parts) => ({ ...parts, mayStart: () => true }) },
  },
  {
    name: 'abort by omission',
    withinSeeds: 1_000,
    plant: {
      wiring: (parts) => ({
        ...parts,
        next: (state, moment) => withoutAborts(parts.next(state, moment)),
        createUnderWay: () => dropsUnwanted(parts.createUnderWay()),
      }),
    },
  },
  {
    name: 'no fence and no version',
    withinSeeds: 1_000,
    plant: {
      store: (store) =>
        withAppend(store, async (append) => store.append({ ...append, ...(await headOf(store, append)) })),
    },
  },
  {
    name: 'intent after the effect',
    withinSeeds: 1_000,
    plant: { store: (store, world) => withAppend(store, (append) => appendLater(store, world, append)) },
  },
  {
    name: 'acknowledged before the commit',
    withinSeeds: 1_000,
    plant: { store: (store) => acknowledgesEarly(store) },
  },
  {
    name: 'cancel ignored',
    withinSeeds: 1_000,
    plant: {
      wiring: (parts) => ({ ...parts, next: (state, moment) => parts.next({ ...state, cancel: null }, moment) }),
    },
  },
  {
    name: 'approval ignored',
    withinSeeds: 1_000,
    plant: {
      wiring: (parts) => ({
        ...parts,
        handle: (state, command, moment) => unapproved(parts.handle(state, command, moment)),
      }),
    },
  },
  {
    name: 'budget not reserved',
    withinSeeds: 1_000,
    plant: { wiring: (parts) => ({ ...parts, next: (state, moment) => unreserved(parts.next(state, moment)) }) },
  },
  {
    name: 'the budget of calls ignored',
    withinSeeds: 1_000,
    plant: {
      wiring: (parts) => ({
        ...parts,
        next: (state, moment) => parts.next({ ...state, budget: { ...state.budget, maxCalls: null } }, moment),
      }),
    },
  },
  {
    name: 'a lost wake at rest',
    withinSeeds: 3_000,
    plant: { store: (store) => restsAnyway(store) },
  },
  {
    name: 'the same effect under a new call id',
    withinSeeds: 1_000,
    plant: {
      wiring: (parts) => ({
        ...parts,
        next: parts.next,
        handle: (state, command, moment) => parts.handle(withoutEffects(state), command, moment),
      }),
    },
  },
]

/** Everything that was started looks as if this activation had started it. */
function unfenced(state: State, fence: number): State {
  const calls = new Map(
    [...state.calls].map(([callId, call]) => [callId, call.status === 'started' ? { ...call, fence } : call]),
  )
  const tasks = new Map(
    [...state.tasks].map(([taskId, task]) => [
      taskId,
      task.model === null ? task : { ...task, model: { ...task.model, fence } },
    ]),
  )
  return { ...state, calls, tasks }
}

function leavesAtArrival(underWay: UnderWay): UnderWay {
  return wrap(underWay, { arrived: (key) => underWay.committed(key) })
}

function dropsUnwanted(underWay: UnderWay): UnderWay {
  return wrap(underWay, {
    keepOnly: (wanted) => {
      for (const [key, entry] of [...underWay.entries()]) {
        if (wanted.has(key)) continue
        entry.controller.abort(new Error('dropped'))
        underWay.committed(key)
      }
    },
  })
}

function wrap(underWay: UnderWay, changed: Partial<UnderWay>): UnderWay {
  return new Proxy(underWay, { get: (target, key) => Reflect.get(Object.hasOwn(changed, key) ? changed : target, key) })
}

const undoubted: typeof handle = (state, command, moment) => {
  if (command.type !== 'record_outcome' || command.of.type !== 'call') return handle(state, command, moment)
  const { callId, attempt, report } = command.of
  return { type: 'accepted', events: [{ type: 'call_finished', callId, attempt, ...report }] }
}

const settlesStarted: typeof handle = (state, command, moment) => {
  const handled = handle(state, command, moment)
  const [started] = state.index.started
  if (command.type !== 'send_message' && command.type !== 'extend_budget') return handled
  if (started === undefined || handled.type === 'refused') return handled
  const settled: PawlEvent = {
    type: 'call_settled',
    callId: started,
    attempt: 1,
    settlement: 'did_not_take_effect',
    by: 'ann',
    commandId: `settles/${command.commandId}`,
  }
  return { type: 'accepted', events: [...handled.events, settled] }
}

function withoutAborts(answer: Answer): Answer {
  return { ...answer, actions: answer.actions.filter((action) => !('mode' in action) || action.mode === 'run') }
}

/** What policy holds is taken as allowed. */
function unapproved(handled: Handled): Handled {
  if (handled.type === 'refused') return handled
  const [judged] = handled.events
  if (judged?.type !== 'call_judged' || judged.judgement.type !== 'verdict') return handled
  if (judged.judgement.verdict.type !== 'require_approval') return handled
  return { type: 'accepted', events: [{ ...judged, raised: { type: 'allow' } }] }
}

function unreserved(answer: Answer): Answer {
  const events = answer.events.map((event) =>
    event.type === 'model_started'
      ? { ...event, reserved: { tokens: 0, costMicroUsd: 0, maxOutputTokens: MAX_OUTPUT_TOKENS } }
      : event,
  )
  return { ...answer, events }
}

function withoutEffects(state: State): State {
  return { ...state, index: { ...state.index, effects: new Map() } }
}
