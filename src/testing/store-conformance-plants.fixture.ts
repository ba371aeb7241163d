/** Bugs in artifacts that the conformance suite has to catch, each by the sentence that it breaks. */
import type { Store } from '../ports/index.ts'

export type Plant = readonly [bug: string, plant: (store: Store) => Partial<Store>, sentence: string]

export const artifactPlants: readonly Plant[] = [
  [
    'contents cut off',
    (store) => ({
      artifact: async (tenant, hash) => {
        const artifact = await store.artifact(tenant, hash)
        return artifact && { ...artifact, bytes: artifact.bytes.slice(0, 100_000) }
      },
    }),
    'an artifact is kept, byte for byte, whatever its size',
  ],
  [
    'contents handed out as they are kept',
    (store) => {
      const handedOut = new Map<string, Awaited<ReturnType<Store['artifact']>>>()
      return {
        artifact: async (tenant, hash) => {
          const artifact = handedOut.get(tenant + hash) ?? (await store.artifact(tenant, hash))
          handedOut.set(tenant + hash, artifact)
          return artifact
        },
      }
    },
    'an artifact does not change with the bytes that it was made of, nor with those that were read',
  ],
  [
    'contents of all tenants',
    (store) => ({
      saveArtifact: (_tenant, artifact) => store.saveArtifact('acme', artifact),
      artifact: (_tenant, hash) => store.artifact('acme', hash),
    }),
    'an artifact of another tenant is not seen',
  ],
  [
    'artifacts that no event uses',
    (store) => ({ append: ({ head: { artifacts: _, ...head }, ...change }) => store.append({ ...change, head }) }),
    'an artifact that an event names is not swept; one that none has named is, when it is old enough',
  ],
  [
    'a sweep of the young',
    (store) => ({ sweepArtifacts: (sweep) => store.sweepArtifacts({ ...sweep, before: sweep.before + 1 }) }),
    'an artifact that is saved again is young again',
  ],
  [
    'a content that is there already is not saved again',
    (store) => ({
      saveArtifact: async (tenant, artifact) => {
        if ((await store.artifact(tenant, artifact.hash)) === null) await store.saveArtifact(tenant, artifact)
      },
    }),
    'an artifact that is saved again is young again',
  ],
  [
    'the type of whoever saved last',
    (store) => {
      const types = new Map<string, string>()
      return {
        saveArtifact: (tenant, artifact) => {
          types.set(artifact.hash, artifact.mediaType)
          return store.saveArtifact(tenant, artifact)
        },
        artifact: async (tenant, hash) => {
          const artifact = await store.artifact(tenant, hash)
          return artifact && { ...artifact, mediaType: types.get(hash) ?? artifact.mediaType }
        },
      }
    },
    'what was saved as one type is not changed to another by whoever saves it again',
  ],
  [
    'any hash taken',
    (store) => ({ saveArtifact: (tenant, artifact) => store.saveArtifact(tenant, artifact).catch(() => {}) }),
    'an artifact that is not what its hash says is refused',
  ],
  [
    'sweeps without end',
    (store) => ({ sweepArtifacts: (sweep) => store.sweepArtifacts({ ...sweep, limit: 1_000 }) }),
    'a sweep takes at most so many, the oldest first',
  ],
  [
    'artifacts used by what is not written',
    (store) => ({
      append: async (change) => {
        const appended = await store.append(change)
        if (appended.type === 'conflict' && change.head.artifacts)
          await store.append({ ...change, version: appended.version, head: { artifacts: change.head.artifacts } })
        return appended
      },
    }),
    'an append that is refused uses no artifact',
  ],
  [
    'events that name nothing',
    (store) => ({
      append: (change) =>
        store.append(change).catch(() => store.append({ ...change, head: { ...change.head, artifacts: [] } })),
    }),
    'an event that names an artifact which is not there is not written',
  ],
]
