import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Store } from '../../ports/index.ts'
import { memoryStore } from '../../stores/memory.ts'
import { exportLines, nothingExported } from './export-lines.ts'

const ref = { tenant: 'acme', sessionId: 's1' }

/** A session whose log names a definition and an artifact. */
async function storeWithSession(): Promise<Store> {
  const store = memoryStore()
  const bytes = Buffer.from('rows')
  const hash = createHash('sha256').update(bytes).digest('hex')
  await store.saveDefinition('d', '{}')
  await store.saveArtifact(ref.tenant, { hash, mediaType: 'application/json', bytes })
  const started = { kind: 'session_started', format: 1, body: JSON.stringify({ definitionHash: 'd' }) }
  await store.create({ ref, agent: 'triage', events: [started], status: 'running' })
  const artifact = { hash, mediaType: 'application/json', bytes: bytes.length }
  const finished = { kind: 'call_finished', format: 1, body: JSON.stringify({ artifact }) }
  const head = { artifacts: [hash] }
  await store.append({ ref, version: 1, fence: null, events: [finished], at: null, head })
  return store
}

async function linesOf(store: Store): Promise<readonly unknown[]> {
  const heads = await store.sessions({ limit: 1 })
  const lines: unknown[] = []
  for await (const line of exportLines({ store, tenant: ref.tenant, heads, now: 0, mask: null }, nothingExported()))
    lines.push(JSON.parse(line))
  return lines
}

describe('an export', () => {
  test('has what stands about a session', async () => {
    const types = ['pawl_export', 'session', 'event', 'event', 'definition', 'artifact', 'end']
    expect(await linesOf(await storeWithSession())).toMatchObject(types.map((type) => ({ type })))
  })

  test.each([
    'read',
    'definition',
    'artifact',
  ] as const)('of a session that is erased before its %s was read has no end', async (member) => {
    const store = await storeWithSession()
    const erasing = async () => {
      await store.erase(ref, { evenIfOpen: true })
    }
    const overtaken: Store = {
      ...store,
      read: async (...asked) => {
        if (member === 'read') await erasing()
        return store.read(...asked)
      },
      definition: async (hash) => {
        if (member === 'definition') await erasing()
        return store.definition(hash)
      },
      artifact: async (...asked) => {
        if (member === 'artifact') await erasing()
        return store.artifact(...asked)
      },
    }
    await expect(linesOf(overtaken)).rejects.toMatchObject({ code: 'erased_meanwhile' })
  })
})
