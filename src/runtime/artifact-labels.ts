/** Labels travel with artifacts: what is read of one is as little to be trusted, and as private, as the answer that it was. */

import { artifactNames } from '../core/builtin-names.ts'
import { artifactId, type CallState, type CallTerms, type Json, type State } from '../core/index.ts'

export type Labels = Pick<CallTerms, 'trust' | 'sensitivity'>

/** Of a call that reads artifacts; none where it is another. Who names none reads all of the session. */
export function artifactLabels(state: State, tool: string, input: Json): Labels {
  if (!artifactNames.includes(tool)) return {}
  const named = typeof input === 'object' && input !== null ? Reflect.get(input, 'artifact') : undefined
  return labelsOf(typeof named === 'string' ? callsOfArtifact(state, named) : allCalls(state))
}

/**
 * Whether a call may read what these calls have put out. One of the runtime's own was judged by what there was then: it sees nothing
 * that has come since with labels that it does not have.
 */
export function mayRead(of: readonly CallState[], { tool, terms }: Pick<CallState, 'tool' | 'terms'>): boolean {
  if (!artifactNames.includes(tool)) return true
  const { trust, sensitivity } = labelsOf(of)
  return (trust ?? terms?.trust) === terms?.trust && (sensitivity ?? terms?.sensitivity) === terms?.sensitivity
}

/** Calls whose output an artifact is, by what a model calls it: its id, or the whole hash. */
export function callsOfArtifact({ index, calls }: State, id: string): readonly CallState[] {
  const hash = [...index.artifacts.keys()].find((each) => each === id || artifactId({ hash: each }) === id)
  return (hash === undefined ? [] : (index.artifacts.get(hash) ?? [])).flatMap((callId) => calls.get(callId) ?? [])
}

function labelsOf(calls: readonly CallState[]): Labels {
  const isExternal = calls.some(({ terms }) => terms?.trust === 'external')
  const isPrivate = calls.some(({ terms }) => terms?.sensitivity === 'private')
  return { ...(isExternal && { trust: 'external' }), ...(isPrivate && { sensitivity: 'private' }) }
}

function allCalls({ index, calls }: State): readonly CallState[] {
  return [...index.artifacts.values()].flat().flatMap((callId) => calls.get(callId) ?? [])
}
