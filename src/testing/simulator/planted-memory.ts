/** Rules of memory and of artifacts taken away, one at a time. */
import { handle, type Json, next, type PawlEvent, reduce, type State } from '../../core/index.ts'
import type { Store } from '../../ports/index.ts'
import type { Plant } from './plant.ts'
import { mapped } from './planted-handles.ts'
import type { World } from './world.ts'

type Next = typeof next
type Handle = typeof handle
type Reduce = typeof reduce
type PlantStore = (store: Store, world: World) => Store

/** Says that it is there, and saves it a little later; a store that did not look would not notice. */
export const savesLater: PlantStore = (store, world) => ({
  ...unnamed(store),
  saveArtifact: async (tenant, artifact) => {
    await store.head({ tenant, sessionId: '' })
    world.scheduler.after(2_000, null, () => {
      store.saveArtifact(tenant, artifact).catch(() => {})
    })
  },
})

/** No store ever hears which artifacts are in use. */
export const unnamed = (store: Store): Store => ({
  ...store,
  append: (append) => {
    const { artifacts: _, ...head } = append.head
    return store.append({ ...append, head })
  },
  appendLocked: (ref, after, decide) =>
    store.appendLocked(ref, after, (locked) => {
      const decided = decide(locked)
      if (decided === null) return null
      const { artifacts: _, ...head } = decided.head
      return { ...decided, head }
    }),
})

/** An output is said to be where an earlier one is. */
export const namesAnother: Handle = (state, command, moment) => {
  const [hash] = state.index.artifacts.keys()
  return changedEvents(handle(state, command, moment), (event) =>
    event.type === 'call_finished' && event.artifact !== undefined && hash !== undefined
      ? { ...event, artifact: { ...event.artifact, hash } }
      : event,
  )
}

/** What one session has stored is found by whoever asks for it. */
export function readByAnyone(): Plant {
  const contents = new Map<string, Json>()
  const readsAll: Handle = (state, command, moment) => {
    if (command.type !== 'record_outcome' || command.of.type !== 'call') return handle(state, command, moment)
    const { callId, report } = command.of
    const call = state.calls.get(callId)
    // What a judge has let through is an object.
    const { artifact = '' } = (call?.tool === 'read_artifact' ? call.input : {}) as { readonly artifact?: string }
    const found = [...contents].find(([hash]) => artifact !== '' && hash.startsWith(artifact))
    if (found === undefined || report.outcome.type === 'ok') return handle(state, command, moment)
    const outcome = { type: 'ok', output: { artifact, type: 'text', value: found[1] } } as const
    const { tookEffect: _, ...others } = report
    return handle(state, { ...command, of: { ...command.of, report: { ...others, outcome } } }, moment)
  }
  return {
    wiring: (parts) => ({ ...parts, handle: readsAll }),
    store: (store) => ({
      ...store,
      saveArtifact: (tenant, artifact) => {
        contents.set(artifact.hash, new TextDecoder().decode(artifact.bytes).slice(0, 200))
        return store.saveArtifact(tenant, artifact)
      },
    }),
  }
}

/** The whole output stands in the log all the same. */
export function withoutPreview(): Plant {
  const contents = new Map<string, string>()
  const showsAll: Handle = (state, command, moment) =>
    changedEvents(handle(state, command, moment), (event) => {
      if (event.type !== 'call_finished' || event.artifact === undefined) return event
      return { ...event, outcome: { type: 'ok', output: contents.get(event.artifact.hash) ?? '' } }
    })
  return {
    wiring: (parts) => ({ ...parts, handle: showsAll }),
    store: (store) => ({
      ...store,
      saveArtifact: (tenant, artifact) => {
        contents.set(artifact.hash, new TextDecoder().decode(artifact.bytes))
        return store.saveArtifact(tenant, artifact)
      },
    }),
  }
}

/** The model is shown what the processor was to keep from it. */
export const showsProcessed: Reduce = (draft, event, at) => {
  reduce(draft, event, at)
  const call = event.type === 'result_processed' ? draft.state.calls.get(event.callId) : undefined
  if (call === undefined) return
  draft.set(call, 'processed', null)
  // Nobody looks at it again.
  draft.set(call, 'isControl', true)
}

/** What has left the prompt takes the calls of the newest turn with it. */
export const partsCalls: Reduce = (draft, event, at) => {
  reduce(draft, event, at)
  if (event.type !== 'history_compacted' || event.taskId !== 'root') return
  const entry = draft.state.transcript.at(-1)
  if (entry?.type === 'assistant') draft.set(entry, 'callIds', entry.callIds.slice(1))
}

export const dropsPlan: Reduce = (draft, event, at) => {
  reduce(draft, event, at)
  if (event.type === 'history_compacted' && draft.state.route?.route === 'plan') draft.set(draft.state, 'route', null)
}

/** What has come since the summary was asked for leaves with what it is about. */
export const laterBoundary: Handle = (state, command, moment) =>
  changedEvents(handle(state, command, moment), (event) =>
    event.type === 'history_compacted' && event.strategy === 'summarize' ? { ...event, throughSeq: state.seq } : event,
  )

/** A prompt is made shorter, and no event says so. */
export const compactsSilently: Reduce = (draft, event, at) => {
  reduce(draft, event, at)
  if (event.type !== 'decision_recorded') return
  const task = draft.state.tasks.get(event.taskId)
  const first = draft.state.transcript.find(({ type }) => type === 'assistant')
  if (task?.taskId !== 'root' || first === undefined || first.seq === draft.state.transcript.at(-1)?.seq) return
  const compaction = {
    seq: draft.state.seq,
    throughSeq: first.seq,
    summary: null,
    trust: 'tool',
    cutCharacters: null,
  } as const
  draft.set(task, 'compaction', compaction)
}

export const unsureReplaces: Handle = (state, command, moment) =>
  handle({ ...state, facts: mapped(state.facts, (fact) => ({ ...fact, confidence: 0 })) }, command, moment)

/** Nothing is pinned. */
export const unpinnedNext: Next = (state, moment) => next(unpinned(state), moment)
export const unpinnedHandle: Handle = (state, command, moment) => {
  const isAnswer = command.type === 'record_outcome' && command.of.type === 'model'
  return handle(isAnswer ? unpinned(state) : state, command, moment)
}

function unpinned(state: State): State {
  return { ...state, facts: mapped(state.facts, (fact) => ({ ...fact, kind: 'fact' as const, priority: 0 })) }
}

/** Whoever has made a patch, and does not know that it was recorded, records it once more. */
export const patchesAgain: Handle = (state, command, moment) => {
  if (command.type !== 'record_patch') return handle(state, command, moment)
  const calls = mapped(state.calls, (call) => ({ ...call, processed: null }))
  const tasks = mapped(state.tasks, (task) => ({ ...task, phase: 'decide' as const }))
  return handle({ ...state, calls, tasks }, command, moment)
}

/** Requests of memory cost nothing. */
export const freeMemory: Handle = (state, command, moment) => {
  const isOfMemory = (taskId: string) => memoryPurposes.has(state.tasks.get(taskId)?.purpose ?? '')
  return changedEvents(handle(state, command, moment), (event) => {
    if (event.type !== 'model_responded' || !isOfMemory(event.taskId)) return event
    const usage = { inputTokens: 0, outputTokens: 0 }
    return { ...event, costMicroUsd: 0, response: { ...event.response, usage } }
  })
}

const memoryPurposes: ReadonlySet<string> = new Set(['process', 'compress', 'summarize'])

/** What was read for a task begins it, whoever else is at work. */
export const resolvesAtOnce: Handle = (state, command, moment) =>
  command.type === 'record_input' && state.planning !== null
    ? handle({ ...state, planning: { ...state.planning, maxParallelTasks: 1_000 } }, command, moment)
    : handle(state, command, moment)

/** What is gone is as good as empty. */
export const emptyForGone: PlantStore = (store) => ({
  ...store,
  artifact: async (tenant, hash) =>
    (await store.artifact(tenant, hash)) ?? {
      hash,
      mediaType: 'application/json',
      bytes: new TextEncoder().encode('""'),
      savedAt: 0,
    },
})

function changedEvents(handled: ReturnType<Handle>, changed: (event: PawlEvent) => PawlEvent): ReturnType<Handle> {
  return handled.type === 'refused' ? handled : { ...handled, events: handled.events.map(changed) }
}
