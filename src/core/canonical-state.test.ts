import { expect, test } from 'vitest'
import { decodeState, encodeState } from './canonical-state.ts'
import { freshState } from './fresh-state.ts'
import { freshNode, freshPlan } from './plan/plan-state.ts'
import { proposedCall } from './proposed-call.ts'
import type { State } from './state.ts'

/** A task and a call of which nothing is known yet. */
function begun(): State {
  const state = freshState('default', 's1')
  const call = proposedCall({ taskId: 'a', turn: 1, callId: 'c1', tool: 'look', providerCallId: '' })
  const node = freshNode({ id: 'a', name: 'a', dependsOn: [] }, 0)
  const nodes = new Map([['a', node]])
  return { ...state, calls: new Map([['c1', call]]), plan: { ...freshPlan(), nodes } }
}

/** What a later event fills in. */
function goneOn(state: State): string {
  const [call] = state.calls.values()
  const [node] = state.plan?.nodes.values() ?? []
  if (call !== undefined) Object.assign(call, { presented: 'shown', summary: { matches: 3 } })
  if (node !== undefined) Object.assign(node, { input: { usd: 1 }, output: 'done' })
  return encodeState(state)
}

test('a state that was read from a text goes on to the same text as one that was not', () => {
  expect(goneOn(decodeState(encodeState(begun())))).toBe(goneOn(begun()))
})
