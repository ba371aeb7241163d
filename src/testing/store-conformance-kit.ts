import { strict as assert } from 'node:assert'
import { createHash } from 'node:crypto'
import type { Append, Claimed, Created, NewArtifact, NewEvent, SessionRef, Store } from '../ports/index.ts'

/** A fresh, empty store with the default limits, and a hand on its clock. */
export type StoreHarness = {
  readonly store: Store
  /** Moves the store's clock on. It stands still otherwise. */
  advance(ms: number): void
  /** Cleans up after the test; the store has been closed. */
  dispose?(): Promise<void> | void
}

/** Promises of the port, each under its sentence. */
export type StorePromises = { readonly [sentence: string]: (harness: StoreHarness) => Promise<void> }

export const LEASE_MS = 15_000

/** The format of the test's program; events have it unless they say otherwise. */
export const FORMAT = 1

let sessions = 0

/** A session that no test has used. */
export function newRef(tenant = 'acme'): SessionRef {
  sessions += 1
  return { tenant, sessionId: `session-${sessions}` }
}

export function event(text: string, commandId?: string): NewEvent {
  const body = JSON.stringify({ text })
  return { kind: 'fact_noted', format: FORMAT, body, ...(commandId === undefined ? {} : { commandId }) }
}

/** Creates a session with one event. */
export async function create(store: Store, ref: SessionRef = newRef()): Promise<SessionRef> {
  const session = { ref, agent: 'triage', events: [event('start', 'start')], status: 'running' }
  assert.equal((await store.create(session)).type, 'created')
  return ref
}

/** An append without a fence on version 1, that is on what `create` left, unless it says otherwise. */
export function change(ref: SessionRef, fields: Partial<Append> = {}): Append {
  return { ref, version: 1, fence: null, events: [event('change')], at: null, head: {}, ...fields }
}

export async function enlist(store: Store, workerId: string): Promise<void> {
  await store.enlist({ workerId, holder: `host/${workerId}`, leaseMs: LEASE_MS })
}

type ClaimFields = Partial<Parameters<Store['claim']>[1]>

export function claim(store: Store, ref: SessionRef, fields: ClaimFields = {}): Promise<Claimed> {
  return store.claim(ref, { workerId: 'w1', format: FORMAT, deadWorkers: [], alone: false, ...fields })
}

/** Claims, and fails the test where that is refused. */
export async function claimed(
  store: Store,
  ref: SessionRef,
  fields: ClaimFields = {},
): Promise<Of<Claimed, 'claimed'>> {
  return answered(await claim(store, ref, fields), 'claimed')
}

/** Enlists `w1`, creates a session, and claims it. */
export async function held(store: Store, ref: SessionRef = newRef()): Promise<{ ref: SessionRef; fence: number }> {
  await enlist(store, 'w1')
  await create(store, ref)
  return { ref, fence: (await claimed(store, ref)).fence }
}

export async function release(
  store: Store,
  ref: SessionRef,
  fields: Partial<Parameters<Store['release']>[1]>,
): Promise<void> {
  const request = { fence: 1, version: 1, wakeAt: null, rested: true, ...fields }
  assert.equal(await store.release(ref, request), 'released')
}

/** The sessions of `due`, as their ids. */
export async function dueIds(store: Store, deadWorkers: readonly string[] = []): Promise<readonly string[]> {
  const { refs } = await store.due({ limit: 100, deadWorkers })
  return refs.map(({ sessionId }) => sessionId)
}

type Of<Answer extends { readonly type: string }, Type extends string> = Extract<Answer, { readonly type: Type }>

/** The answer, if it is of this type; fails the test otherwise. */
export function answered<Answer extends { readonly type: string }, Type extends Answer['type']>(
  answer: Answer,
  type: Type,
): Of<Answer, Type> {
  assert.equal(answer.type, type, `expected ${type}, found ${JSON.stringify(answer)}`)
  // The type was compared in the line before.
  return answer as Of<Answer, Type>
}

export async function storeNow(store: Store): Promise<number> {
  return (await store.due({ limit: 1, deadWorkers: [] })).storeNow
}

export async function bodies(store: Store, ref: SessionRef): Promise<readonly (string | null)[]> {
  return (await store.read(ref, 0, 1_000)).map(({ body }) => body)
}

/** A content whose bytes count up, from a place of its own. */
export function artifactOf(size: number, seed = 0): NewArtifact {
  const bytes = new Uint8Array(size)
  for (let index = 0; index < size; index += 1) bytes[index] = index * 7 + seed
  return { hash: createHash('sha256').update(bytes).digest('hex'), mediaType: 'application/octet-stream', bytes }
}

/** Not the artifact: an assertion that fails shows all of what it was given, and that may be much. */
export async function isKept(store: Store, tenant: string, hash: string): Promise<boolean> {
  return (await store.artifact(tenant, hash)) !== null
}

export function created(answer: Created): Of<Created, 'created'> {
  return answered(answer, 'created')
}
