import { strict as assert } from 'node:assert'
import {
  answered,
  artifactOf,
  change,
  create,
  isKept,
  newRef,
  type StorePromises,
  storeNow,
} from './store-conformance-kit.ts'

/** Contents beside the log. */
export const ARTIFACT_PROMISES: StorePromises = {
  'an artifact is kept, byte for byte, whatever its size': async ({ store }) => {
    for (const size of [0, 1, 1_000, 300_000]) {
      const artifact = artifactOf(size)
      await store.saveArtifact('acme', artifact)
      const { bytes, savedAt, ...kept } = (await store.artifact('acme', artifact.hash)) ?? assert.fail('no artifact')
      assert.deepEqual(kept, { hash: artifact.hash, mediaType: artifact.mediaType })
      assert.equal(savedAt, await storeNow(store))
      // What differs in so many bytes would take minutes to be shown.
      assert.ok(Buffer.from(bytes).equals(artifact.bytes), `${size} bytes were not kept`)
    }
  },
  'an artifact does not change with the bytes that it was made of, nor with those that were read': async ({
    store,
  }) => {
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
    assert.equal(await isKept(store, 'globex', artifact.hash), false)
    assert.equal(await isKept(store, 'acme', 'unheard of'), false)
  },
  'an artifact that an event names is not swept; one that none has named is, when it is old enough': async (
    harness,
  ) => {
    const { store, advance } = harness
    const ref = await create(store)
    const [named, orphan] = [artifactOf(140_000, 1), artifactOf(140_000, 2)]
    for (const each of [named, orphan]) await store.saveArtifact(ref.tenant, each)
    answered(await store.append(change(ref, { head: { artifacts: [named.hash] } })), 'appended')
    assert.equal(await store.sweepArtifacts({ before: await storeNow(store), limit: 9 }), 0)
    advance(1_000)
    assert.equal(await store.sweepArtifacts({ before: await storeNow(store), limit: 9 }), 1)
    assert.equal(await isKept(store, ref.tenant, orphan.hash), false)
    assert.equal(await isKept(store, ref.tenant, named.hash), true)
  },
  'an artifact that is saved again is young again': async ({ store, advance }) => {
    const artifact = artifactOf(10)
    await store.saveArtifact('acme', artifact)
    advance(1_000)
    await store.saveArtifact('acme', artifact)
    assert.equal(await store.sweepArtifacts({ before: await storeNow(store), limit: 9 }), 0)
    assert.equal(await isKept(store, 'acme', artifact.hash), true)
  },
  'what was saved as one type is not changed to another by whoever saves it again': async ({ store }) => {
    const artifact = artifactOf(10)
    await store.saveArtifact('acme', artifact)
    await store.saveArtifact('acme', { ...artifact, mediaType: 'text/plain' })
    assert.equal((await store.artifact('acme', artifact.hash))?.mediaType, artifact.mediaType)
  },
  'an artifact that is not what its hash says is refused': async ({ store }) => {
    for (const size of [10, 200_000]) {
      const artifact = { ...artifactOf(size, 1), hash: artifactOf(size, 2).hash }
      await assert.rejects(store.saveArtifact('acme', artifact), { code: 'invalid_write' })
      assert.equal(await isKept(store, 'acme', artifact.hash), false)
    }
  },
  'a sweep takes at most so many, the oldest first': async ({ store, advance }) => {
    const artifacts = [3, 1, 2].map((seed) => artifactOf(150_000, seed))
    for (const artifact of artifacts) {
      await store.saveArtifact('acme', artifact)
      advance(1_000)
    }
    const sweep = { before: await storeNow(store), limit: 2 }
    assert.equal(await store.sweepArtifacts(sweep), 2)
    const left = await Promise.all(artifacts.map(({ hash }) => store.artifact('acme', hash)))
    assert.deepEqual(
      left.map((artifact) => artifact?.hash),
      [undefined, undefined, artifacts[2]?.hash],
    )
    assert.equal(await store.sweepArtifacts(sweep), 1)
    assert.equal(await store.sweepArtifacts(sweep), 0)
  },
  'an append that is refused uses no artifact': async ({ store, advance }) => {
    const ref = await create(store)
    const artifact = artifactOf(10)
    await store.saveArtifact(ref.tenant, artifact)
    answered(await store.append(change(ref, { version: 7, head: { artifacts: [artifact.hash] } })), 'conflict')
    advance(1_000)
    assert.equal(await store.sweepArtifacts({ before: await storeNow(store), limit: 9 }), 1)
  },
  'an event that names an artifact which is not there is not written': async ({ store }) => {
    const ref = await create(store, newRef('globex'))
    const theirs = artifactOf(10)
    await store.saveArtifact('acme', theirs)
    await assert.rejects(store.append(change(ref, { head: { artifacts: [theirs.hash] } })), { code: 'invalid_write' })
    assert.equal((await store.head(ref))?.version, 1)
  },
}
