/** Contents of artifacts, read back. */
import { type ArtifactRef, artifactId, type CallState, type Json, type State } from '../core/index.ts'
import type { ReadsArtifacts } from '../ports/artifact.ts'
import { type ArtifactContent, type ArtifactEntry, type Env, type Store, ToolError } from '../ports/index.ts'
import { erasedArtifact, unknownArtifact } from './artifact-errors.ts'
import { callsOfArtifact, mayRead } from './artifact-labels.ts'
import { isPassing, RETRY_STORE_MS } from './commit.ts'
import { TEXT_TYPE } from './keep-artifact.ts'
import type { RuntimeLimits } from './options.ts'

/** Null: the content was erased. Rejects where the store cannot be read. */
export async function readArtifact(
  store: Pick<Store, 'artifact'>,
  tenant: string,
  { hash, mediaType }: ArtifactRef,
): Promise<Json | null> {
  const found = await store.artifact(tenant, hash)
  if (found === null) return null
  const text = decoder.decode(found.bytes)
  // Our own canonical bytes, which the store has compared with their hash.
  return mediaType === TEXT_TYPE ? text : (JSON.parse(text) as Json)
}

type Patient = {
  readonly store: Pick<Store, 'artifact'>
  readonly env: Pick<Env, 'setTimer'>
  readonly limits: Pick<RuntimeLimits, 'artifactAttempts'>
}

/** As `readArtifact`, and asks again while the trouble of the store may pass: a task is not failed for it. */
export async function readPatiently(
  { store, env, limits }: Patient,
  tenant: string,
  artifact: ArtifactRef,
): Promise<Json | null> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await readArtifact(store, tenant, artifact)
    } catch (problem) {
      if (!isPassing(problem) || attempt >= limits.artifactAttempts) throw problem
    }
    await new Promise<void>((resolve) => void env.setTimer(RETRY_STORE_MS, resolve))
  }
}

/** A text may begin with what is a mark of the byte order elsewhere: it is read as it was put out. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

type Reading = {
  readonly store: Pick<Store, 'artifact'>
  /** As it is when the call reads. */
  readonly state: () => State
  readonly call: CallState
}

/** What the tool of a call can read: only what the session's own log names. */
export function readsArtifacts({ store, state, call }: Reading): ReadsArtifacts {
  return {
    artifact: (id) => contentFor(store, state(), { id, call }),
    artifacts: async () => artifactsFor(state(), call),
  }
}

/** In the order of their calls. */
function artifactsFor({ index, calls }: State, reader: CallState): readonly ArtifactEntry[] {
  return [...index.artifacts.values()].flatMap((callIds) => {
    const of = callIds.flatMap((callId) => calls.get(callId) ?? [])
    const [first] = of
    if (first === undefined || first.artifact === null || !mayRead(of, reader)) return []
    const { artifact, tool, callId } = first
    return [{ id: artifactId(artifact), tool, callId, bytes: artifact.bytes }]
  })
}

/** @throws ToolError as `ReadsArtifacts` says. */
async function contentFor(
  store: Pick<Store, 'artifact'>,
  state: State,
  { id, call: reader }: { readonly id: string; readonly call: CallState },
): Promise<ArtifactContent> {
  const of = callsOfArtifact(state, id)
  const [call] = of
  const ref = call?.artifact ?? null
  if (call === undefined || ref === null || !mayRead(of, reader)) throw unknownArtifact(id, artifactsFor(state, reader))
  const content = await readArtifact(store, state.tenant, ref).catch((problem: unknown) => {
    throw new ToolError(`the artifact ${id} cannot be read now`, { retryable: true, tookEffect: false, cause: problem })
  })
  if (content === null) throw erasedArtifact({ id: artifactId(ref), tool: call.tool, callId: call.callId })
  return { id: artifactId(ref), ...ref, content }
}
