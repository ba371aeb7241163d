/** One async iterable of what stands in the log and of what is being said: resumable by sequence number. */
import type { LogEvent, PawlEvent } from '../core/index.ts'
import { type Env, PawlError, type SessionRef, type Store } from '../ports/index.ts'
import type { LiveDelta } from './activation.ts'
import type { Agent } from './define.ts'
import { decodeEvent } from './encode.ts'
import type { Hub } from './hub.ts'
import { loadState } from './load.ts'
import { createLogMask, type LogMask } from './mask-log.ts'
import type { Secrets } from './secrets.ts'
import { refuseErased, refuseErasedHead } from './session-erased.ts'
import { createSessionShapes, type SessionShapes } from './session-shapes.ts'
import type { Wiring } from './wiring.ts'

/** A committed event, or a live delta of an attempt that is under way. `deltas_dropped`: the reader fell behind; the events are whole. */
export type WatchItem =
  | ({ readonly type: 'event' } & LogEvent)
  | { readonly type: 'delta'; readonly delta: LiveDelta }
  | { readonly type: 'deltas_dropped'; readonly count: number }

/** There is no such session for this tenant. */
export class UnknownSessionError extends PawlError {
  constructor({ sessionId, tenant }: SessionRef) {
    super('unknown_session', `there is no session ${sessionId} for tenant ${tenant}`)
  }
}

export type WatchOptions = {
  /** Begins behind this sequence number; 0 by default: everything. */
  readonly after?: number
  /** Ends the iteration. */
  readonly signal?: AbortSignal
  /** `ended` (default): until the session has ended. `rest`: also when it waits for people. `never`: until the signal. */
  readonly until?: 'ended' | 'rest' | 'never'
}

export type WatchContext = {
  readonly store: Store
  readonly env: Env
  readonly hub: Hub
  readonly streamBuffer: number
  readonly noticeMs: number
  readonly agents: ReadonlyMap<string, Agent>
  readonly secrets: Secrets
  readonly wiring: Wiring
}

const PAGE_EVENTS = 256

export async function* watch(
  context: WatchContext,
  ref: SessionRef,
  options: WatchOptions,
): AsyncGenerator<WatchItem, void, undefined> {
  const { store, hub, streamBuffer } = context
  const { signal, until = 'ended' } = options
  const inbox = createInbox(context, streamBuffer)
  const unsubscribe = hub.subscribe(ref, inbox)
  const stop = () => inbox.committed()
  signal?.addEventListener('abort', stop)
  let after = options.after ?? 0
  let isParked = false
  try {
    const { mask, take, learn } = await maskOf(context, ref)
    while (!signal?.aborted) {
      const page = await store.read(ref, after, PAGE_EVENTS)
      await refuseErased(store, ref, page)
      take(page)
      for (const stored of page) {
        after = stored.seq
        const logEvent = decodeEvent(ref, stored)
        yield* inbox.takeDeltas(turnEndedBy(logEvent))
        await learn(logEvent.event)
        yield { type: 'event', ...mask.event(logEvent) }
        isParked = waitsForPeople(logEvent, isParked)
      }
      if (page.length > 0) continue
      yield* inbox.takeDeltas(Number.MAX_SAFE_INTEGER)
      if (await isOver(store, ref, { after, until, isParked })) return
      while (!(await inbox.waitForNews(signal))) yield* inbox.takeDeltas(Number.MAX_SAFE_INTEGER)
    }
  } finally {
    unsubscribe()
    signal?.removeEventListener('abort', stop)
  }
}

/** `take`: pages as they come. `learn`: what the mask has to know before it is given the event. */
type Masking = {
  readonly mask: LogMask
  readonly take: SessionShapes['take']
  readonly learn: (event: PawlEvent) => Promise<void>
}

/** Sensitive fields of inputs are masked for whoever watches; the log has them as they run. */
async function maskOf(context: WatchContext, ref: SessionRef): Promise<Masking> {
  const { store, secrets, wiring } = context
  const head = await store.head(ref)
  if (head === null) throw new UnknownSessionError(ref)
  refuseErasedHead(head)
  const shapes = createSessionShapes(context, ref)
  const mask = createLogMask(shapes.of, secrets.redactor(ref.tenant))
  const learn = async (event: PawlEvent) => {
    if (mask.needsState(event)) mask.learn(await loadState(store, ref, wiring))
    if (mask.needsShapes(event)) await shapes.learn()
  }
  return { mask, take: shapes.take, learn }
}

/** The turn whose answer is whole with this event: its deltas come first. 0: none. */
function turnEndedBy({ event }: LogEvent): number {
  return event.type === 'model_responded' || event.type === 'model_failed' ? event.turn : 0
}

/** Whether a reader who has seen this waits for people now. What is only noted changes nothing. */
function waitsForPeople({ event }: LogEvent, before: boolean): boolean {
  if (event.type === 'approval_voted' || event.type === 'late_outcome_noted') return before
  return event.type === 'session_parked'
}

type Reader = { readonly after: number; readonly until: 'ended' | 'rest' | 'never'; readonly isParked: boolean }

/** A head that is not open has ended; a message may have reopened it since. */
async function isOver(store: Store, ref: SessionRef, { after, until, isParked }: Reader): Promise<boolean> {
  const head = await store.head(ref)
  // Erased since it was seen last: it has not come to its end for this reader.
  refuseErasedHead(head)
  if (until === 'never') return false
  if (head === null) return true
  const waits = isParked || head.status.startsWith('blocked')
  return head.version <= after && (head.gate !== 'open' || (until === 'rest' && waits))
}

/** A bounded buffer of deltas, and a bell. Foreign commits ring no bell: they are noticed within `noticeMs`. */
function createInbox({ env, noticeMs }: WatchContext, streamBuffer: number) {
  let deltas: LiveDelta[] = []
  let dropped = 0
  let hasNews = false
  let lookAt = env.monotonic() + noticeMs
  let wake: (() => void) | null = null
  return {
    committed: () => {
      hasNews = true
      wake?.()
    },
    delta: (delta: LiveDelta) => {
      if (deltas.length < streamBuffer) deltas.push(delta)
      else dropped += 1
      wake?.()
    },
    /** Those of this turn and the turns before it. */
    *takeDeltas(turn: number): Generator<WatchItem> {
      if (turn === 0 || (deltas.length === 0 && dropped === 0)) return
      const taken = deltas.filter((delta) => delta.turn <= turn)
      const count = dropped
      deltas = deltas.filter((delta) => delta.turn > turn)
      dropped = 0
      for (const delta of taken) yield { type: 'delta', delta }
      if (count > 0) yield { type: 'deltas_dropped', count }
    },
    /** True when the log has to be read: a commit rang, or it is time to look. False for deltas alone, which stand in no log. */
    async waitForNews(signal: AbortSignal | undefined): Promise<boolean> {
      const leftMs = lookAt - env.monotonic()
      if (!hasNews && !signal?.aborted && deltas.length === 0 && leftMs > 0) {
        await new Promise<void>((resolve) => {
          const cancel = env.setTimer(leftMs, resolve)
          wake = () => {
            cancel()
            resolve()
          }
        })
        wake = null
      }
      if (!hasNews && !signal?.aborted && env.monotonic() < lookAt) return false
      hasNews = false
      lookAt = env.monotonic() + noticeMs
      return true
    },
  }
}
