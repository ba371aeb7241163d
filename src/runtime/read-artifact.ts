/** Contents of artifacts, read back. */
import { type ArtifactRef, artifactId, type CallState, type Json, type State } from '../core/index.ts'
import { type ArtifactContent, type ArtifactEntry, type Store, ToolError } from '../ports/index.ts'
import { erasedArtifact, unknownArtifact } from './artifact-errors.ts'
import { TEXT_TYPE } from './keep-artifact.ts'

/** Null: the content was erased. Rejects where the store cannot be read. */
export async function readArtifact(
  store: Pick<Store, 'artifact'>,
  tenant: string,
  { hash, mediaType }: ArtifactRef,
): Promise<Json | null> {
  const found = await store.artifact(tenant, hash)
  if (found === null) return null
  const text = new TextDecoder().decode(found.bytes)
  // Our own canonical bytes, which the store has compared with their hash.
  return mediaType === TEXT_TYPE ? text : (JSON.parse(text) as Json)
}

/** Those that the session's log names, in the order of their calls. */
export function artifactsOf(state: State): readonly ArtifactEntry[] {
  return [...state.index.artifacts.values()].flatMap(([callId = '']) => {
    const call = state.calls.get(callId)
    return call?.artifact == null
      ? []
      : [{ id: artifactId(call.artifact), tool: call.tool, callId, bytes: call.artifact.bytes }]
  })
}

/** Calls whose output an artifact is, by what a model calls it: its id, or the whole hash. */
export function callsOfArtifact({ index, calls }: State, id: string): readonly CallState[] {
  const hash = [...index.artifacts.keys()].find((each) => each === id || artifactId({ hash: each }) === id)
  return (hash === undefined ? [] : (index.artifacts.get(hash) ?? [])).flatMap((callId) => calls.get(callId) ?? [])
}

/** For tools. Only what the session's own log names can be read. @throws ToolError as `ReadsArtifacts` says. */
export async function artifactForTool(
  store: Pick<Store, 'artifact'>,
  state: State,
  id: string,
): Promise<ArtifactContent> {
  const call = callsOfArtifact(state, id)[0]
  const ref = call?.artifact ?? null
  if (call === undefined || ref === null) throw unknownArtifact(id, artifactsOf(state))
  const content = await readArtifact(store, state.tenant, ref).catch((problem: unknown) => {
    throw new ToolError(`the artifact ${id} cannot be read now`, { retryable: true, tookEffect: false, cause: problem })
  })
  if (content === null) throw erasedArtifact({ id: artifactId(ref), tool: call.tool, callId: call.callId })
  return { id: artifactId(ref), ...ref, content }
}
