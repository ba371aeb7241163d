import { strict as assert } from 'node:assert'
import { createHash } from 'node:crypto'
import type { NewArtifact } from '../ports/index.ts'
import { answered, change, create, newRef, type StorePromises, storeNow } from './store-conformance-kit.ts'

/** Contents beside the log. */
export const ARTIFACT_PROMISES: StorePromises = {
  'an artifact is kept, byte for byte, whatever its size': async ({ store }) => {
    for (const size of [0, 1, 1_000, 300_000]) {
      const artifact = artifactOf(size)
      await store.saveArtifact('acme', artifact)
      const { savedAt: _, ...kept } = (await store.artifact('acme', artifact.hash)) ?? assert.fail('no artifact')
      assert.deepEqual({ ...kept, bytes: Buffer.from(kept.bytes) }, { ...artifact, bytes: Buffer.from(artifact.bytes) })
    }
  },
  'an artifact does not change with the bytes that it was made of, nor with those that were read': async ({ store }) => {
    const artifact = artifactOf(200_000)
    const { hash, bytes } = artifact
    const first = bytes[0] ?? 0
    await store.saveArtifact('acme', artifact)
    bytes[0] = first + 1
    const read = await store.artifact('acme', hash)
    if (read) read.bytes[0] = first + 2
    assert.equal((await store.artifact('acme', hash))?.bytes[0], first)
  },
  'an artifact of another tenant is not seen': async ({ store }) => {
    const artifact = artifactOf(150_000)
    await store.saveArtifact('acme', artifact)
    assert.equal(await store.artifact('globex', artifact.hash), null)
    assert.equal(await store.artifact('acme', 'unheard of'), null)
  },
  'an artifact that an event names is not swept; one that none has named is, when it is old enough': async (harness) => {
    const { store, advance } = harness
    const ref = await create(store)
    const [named, orphan] = [artifactOf(140_000, 1), artifactOf(140_000, 2)]
    for (const each of [named, orphan]) await store.saveArtifact(ref.tenant, each)
    answered(await store.append(change(ref, { head: { artifacts: [named.hash] } })), 'appended')
    assert.equal(await store.sweepArtifacts({ before: await storeNow(store), limit: 9 }), 0)
    advance(1_000)
    assert.equal(await store.sweepArtifacts({ before: await storeNow(store), limit: 9 }), 1)
    assert.equal(await store.artifact(ref.tenant, orphan.hash), null)
    assert.notEqual(await store.artifact(ref.tenant, named.hash), null)
  },
  'an artifact that is saved again is young again': async ({ store, advance }) => {
    const artifact = artifactOf(10)
    await store.saveArtifact('acme', artifact)
    advance(1_000)
    await store.saveArtifact('acme', artifact)
    assert.equal(await store.sweepArtifacts({ before: await storeNow(store), limit: 9 }), 0)
    assert.notEqual(await store.artifact('acme', artifact.hash), null)
  },
  'an event that names an artifact which is not there is not written': async ({ store }) => {
    const ref = await create(store, newRef('globex'))
    const theirs = artifactOf(10)
    await store.saveArtifact('acme', theirs)
    await assert.rejects(store.append(change(ref, { head: { artifacts: [theirs.hash] } })), { code: 'invalid_write' })
    assert.equal((await store.head(ref))?.version, 1)
  },
}

function artifactOf(size: number, seed = 0): NewArtifact {
  const bytes = Uint8Array.from({ length: size }, (_, index) => (index * 7 + seed) % 256)
  return { hash: createHash('sha256').update(bytes).digest('hex'), mediaType: 'application/octet-stream', bytes }
}
