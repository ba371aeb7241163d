/** Labels travel: what was made of several things is as little to be trusted, and as private, as the worst of them. */
import { trustOf } from '../exposure.ts'
import type { State, TaskState } from '../state.ts'
import type { Trust } from '../vocabulary.ts'
import type { Fact } from './fact.ts'
import { historyBefore } from './history.ts'

export type Labels = { readonly trust: Trust; readonly sensitivity?: 'private' }

export function labelsOfFacts(facts: readonly Pick<Fact, 'trust' | 'sensitivity'>[]): Labels {
  const isExternal = facts.some(({ trust }) => trust === 'external')
  const isPrivate = facts.some(({ sensitivity }) => sensitivity === 'private')
  return { trust: isExternal ? 'external' : 'tool', ...(isPrivate && { sensitivity: 'private' }) }
}

/** Of a summary of all that stands up to there. */
export function trustOfHistory(state: State, task: TaskState, throughSeq: number): Trust {
  const isExternal = historyBefore(state, task, throughSeq).some((entry) => {
    if (entry.type === 'user') return entry.trust === 'external'
    return entry.callIds.some((callId) => {
      const call = state.calls.get(callId)
      return call !== undefined && trustOf(call) === 'external'
    })
  })
  return isExternal ? 'external' : 'tool'
}
