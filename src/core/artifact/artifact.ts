/** An output that is too large for a prompt: kept in the store, named by events. */

export type ArtifactRef = {
  /** sha256 of its bytes, 64 hex characters. */
  readonly hash: string
  /** `application/json` (canonical bytes), or `text/plain; charset=utf-8` where the output is one text. */
  readonly mediaType: string
  readonly bytes: number
}

/** What a model calls it by: the first characters of its hash, which are enough to tell those of one session apart. */
export function artifactId({ hash }: Pick<ArtifactRef, 'hash'>): string {
  return hash.slice(0, ARTIFACT_ID_CHARACTERS)
}

export const ARTIFACT_ID_CHARACTERS = 16
