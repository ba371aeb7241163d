/** Labels travel with artifacts: what is read of one is as little to be trusted, and as private, as the answer that it was. */
import type { CallState, CallTerms, Json, State } from '../core/index.ts'
import { artifactNames } from './builtin-names.ts'
import { callsOfArtifact } from './read-artifact.ts'

export type Labels = Pick<CallTerms, 'trust' | 'sensitivity'>

/** Of a call that reads artifacts; none where it is another. Who names none reads all of the session. */
export function artifactLabels(state: State, tool: string, input: Json): Labels {
  if (!artifactNames.includes(tool)) return {}
  const named = typeof input === 'object' && input !== null ? Reflect.get(input, 'artifact') : undefined
  const calls = typeof named === 'string' ? callsOfArtifact(state, named) : allCalls(state)
  const isExternal = calls.some(({ terms }) => terms?.trust === 'external')
  const isPrivate = calls.some(({ terms }) => terms?.sensitivity === 'private')
  return { ...(isExternal && { trust: 'external' }), ...(isPrivate && { sensitivity: 'private' }) }
}

function allCalls({ index, calls }: State): readonly CallState[] {
  return [...index.artifacts.values()].flat().flatMap((callId) => calls.get(callId) ?? [])
}
