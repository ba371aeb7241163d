/** Worlds whose tools put out more than a prompt may hold, over each store that has no server. */
import { createHash } from 'node:crypto'
import { type ArtifactRef, artifactId, type Json } from '../core/index.ts'
import type { ModelRequest, Store } from '../ports/index.ts'
import { memoryStore } from '../stores/memory.ts'
import { sqliteStore } from '../stores/sqlite/index.ts'
import { replaced, type World } from './world.fixture.ts'

type OpenStore = (now: () => number) => Store

export const stores: readonly (readonly [string, OpenStore])[] = [
  ['memory', (now) => memoryStore({ now })],
  // In the tick in which it is asked: a manual clock waits for nobody else.
  ['sqlite', (now) => sqliteStore({ path: ':memory:', now, defer: (flush) => flush() })],
]

/** Some 90 KiB of rows that can be told apart. */
export const orders: Json = rows(2_000)

export function rows(count: number): Json {
  return Array.from({ length: count }, (_, row) => ({ row, total: row * 2, note: `as ordered ${row}` }))
}

/** The result that a model was shown of a call, in the newest of its prompts. */
export function shown(requests: readonly ModelRequest[], callId: string): Json | undefined {
  const messages = requests.at(-1)?.messages ?? []
  const message = messages.find((each) => each.role === 'tool' && each.callId === callId)
  return message?.role === 'tool' ? message.result : undefined
}

/** By another way than ours: what an output is addressed by. */
export function sha256Of(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

/** The artifacts that a session's calls have become, in their order. */
export async function artifactsIn({ find }: World, sessionId: string): Promise<readonly ArtifactRef[]> {
  const finished = await find(sessionId, 'call_finished')
  const settled = await find(sessionId, 'call_settled')
  return [...finished, ...settled].flatMap(({ artifact }) => artifact ?? [])
}

export async function textOf(store: Store, hash: string, tenant = 'default'): Promise<string | null> {
  const found = await store.artifact(tenant, hash)
  return found === null ? null : new TextDecoder('utf-8', { ignoreBOM: true }).decode(found.bytes)
}

export const idOf = (hash: string): string => artifactId({ hash })

/** The store, which writes down the order of what it is asked to keep; `refuse` throws in the place of a save. */
export function noting(store: Store, refuse: (save: number) => void = () => {}) {
  const order: string[] = []
  let saves = 0
  const noted = replaced(store, {
    saveArtifact: async (tenant, artifact) => {
      saves += 1
      refuse(saves)
      await store.saveArtifact(tenant, artifact)
      order.push(`save ${artifact.hash}`)
    },
    append: async (append) => {
      const appended = await store.append(append)
      for (const { kind } of append.events) order.push(kind)
      return appended
    },
  })
  return { store: noted, order, saves: () => saves }
}
