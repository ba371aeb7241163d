/**
 * Artifacts and erasure where contents stand in files beside the database, and where traces of what is gone stand in its log.
 *
 * A file comes before its row, and goes after it: a row never names what is not there. Both ends happen under the write lock: who
 * takes a file away has seen that no row names it, and nobody can be placing it meanwhile.
 */
import type { Artifact, Artifacts, Erased, Retention } from '../../ports/index.ts'
import { PawlError, StoreUnclearError } from '../../ports/index.ts'
import { checkArtifact, hasHash } from '../check.ts'
import { eraseSession } from '../erase.ts'
import type { Commit } from '../rules.ts'
import type { GoneArtifact, KeptArtifact } from '../tables.ts'
import { type ArtifactFiles, FILE_BYTES, nameOf } from './artifact-files.ts'

export type ContentsContext = {
  readonly commit: Commit
  /** Null: there is no file that they could stand beside; then all stand in their rows. */
  readonly files: ArtifactFiles | null
  /** Whether a row says that its content stands in the file of this name. */
  readonly isNamed: (name: string) => boolean
  /** Moves the write-ahead log into the file and cuts it off: it holds pages as they were. */
  readonly cutLog: () => Promise<void>
  /** Writes the file anew, without its unused room. */
  readonly vacuum: () => Promise<void>
  readonly now: () => number
}

export type Contents = Pick<Artifacts, 'saveArtifact' | 'sweepArtifacts'> & Retention

export function contents(context: ContentsContext): Contents {
  const { commit, files, cutLog, vacuum } = context
  return {
    async saveArtifact(tenant, artifact) {
      checkArtifact(artifact)
      await save(context, tenant, { ...artifact, bytes: artifact.bytes.slice() })
    },
    async sweepArtifacts(sweep) {
      const gone = await commit(({ tables }) => tables.sweepArtifacts(sweep))
      if (files === null) return gone.length
      await afterCommit(async () => {
        await removeFiles(context, filesOf(gone))
        // Files without a row are looked for when no row is left to go.
        if (gone.length < sweep.limit) await removeFiles(context, await files.olderThan(sweep.before), sweep.limit)
      })
      return gone.length
    },
    async erase(ref, options): Promise<Erased> {
      const { erased, gone } = await commit((rules) => eraseSession(rules, ref, options))
      if (erased.type !== 'erased') return erased
      await afterCommit(async () => {
        // Erased before: whoever did it may have died before its files went.
        if (erased.events === 0) await clearFiles(context)
        else await removeFiles(context, filesOf(gone))
        await cutLog()
      })
      return erased
    },
    scrub: () =>
      afterCommit(async () => {
        await clearFiles(context)
        await vacuum()
        await cutLog()
      }),
  }
}

/** The content of a row; null where it is gone, or is not what was saved. */
export async function contentOf(
  files: ArtifactFiles | null,
  tenant: string,
  kept: KeptArtifact | undefined,
): Promise<Artifact | null> {
  if (kept === undefined) return null
  const bytes = kept.bytes ?? (await files?.read(nameOf(tenant, kept.hash)))
  if (bytes === undefined || !hasHash(bytes, kept.hash)) return null
  // Not a Buffer, whose slices share their bytes.
  return { ...kept, bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) }
}

async function save(
  { commit, files, now }: ContentsContext,
  tenant: string,
  artifact: Omit<Artifact, 'savedAt'>,
): Promise<void> {
  const { hash, bytes } = artifact
  if (files === null || bytes.length < FILE_BYTES)
    return commit(({ tables }) => tables.saveArtifact(tenant, { ...artifact, savedAt: now() }))
  const unplaced = await files.write(nameOf(tenant, hash), bytes, now())
  try {
    // Once: what has been placed is not there to be placed again.
    await commit(
      ({ tables }) => {
        unplaced.place()
        tables.saveArtifact(tenant, { ...artifact, bytes: null, savedAt: now() })
      },
      { once: true },
    )
  } catch (error) {
    await unplaced.discard().catch(() => {})
    throw error
  }
}

function filesOf(gone: readonly GoneArtifact[]): readonly string[] {
  return gone.flatMap(({ tenant, hash, isFile }) => (isFile ? [nameOf(tenant, hash)] : []))
}

/** All that no row names. Under the write lock nobody is placing one: a placed file without a row is no longer, or never will be, of use. */
async function clearFiles(context: ContentsContext): Promise<void> {
  if (context.files !== null) await removeFiles(context, await context.files.placed())
}

/** Alone in a transaction: in another's, rows might be gone that come back. So many at a time, for others to write in between. */
async function removeFiles(context: ContentsContext, names: readonly string[], atATime = 100): Promise<void> {
  const { commit, files, isNamed } = context
  const unnamed = names.filter((name) => !isNamed(name))
  for (let at = 0; at < unnamed.length; at += atATime) {
    const some = unnamed.slice(at, at + atATime)
    const remove = () => {
      for (const name of some) if (!isNamed(name)) files?.remove(name)
    }
    await commit(remove, { once: true })
  }
}

/** The rows are gone: whoever hears of what fails now must not take it for a write of which nothing stands. */
async function afterCommit(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof PawlError)) throw error
    throw new StoreUnclearError(
      `Expected to clear away what was erased, found: ${error.message} It is erased, and traces of it may be left; try again.`,
      { cause: error },
    )
  }
}
