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

/** Of what a model was told beside what it was asked about: every request of memory says what the session is about. */
export function withRequest({ transcript }: State, labels: Labels): Labels {
  const isExternal = transcript.some((entry) => entry.type === 'user' && entry.trust === 'external')
  return isExternal ? { ...labels, trust: 'external' } : labels
}

/** Of a summary of all that stands up to there. */
export function trustOfHistory(state: State, task: TaskState, throughSeq: number): Trust {
  const { trust } = withRequest(state, { trust: 'tool' })
  const isExternal = historyBefore(state, task, throughSeq).some((entry) => {
    if (entry.type === 'user') return entry.trust === 'external'
    return entry.callIds.some((callId) => {
      const call = state.calls.get(callId)
      return call !== undefined && trustOf(call) === 'external'
    })
  })
  return isExternal ? 'external' : trust
}
