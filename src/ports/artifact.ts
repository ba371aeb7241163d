import type { Json } from '../core/index.ts'

/** A stored output, read again. */
export type ArtifactContent = {
  /** What models call it by: the first characters of its hash. */
  readonly id: string
  /** sha256 of its bytes, 64 hex characters. */
  readonly hash: string
  readonly mediaType: string
  readonly bytes: number
  /** The output: parsed, or the string where it is one text. */
  readonly content: Json
}

/** An artifact that a session's log names, and the call whose output it is. */
export type ArtifactEntry = {
  readonly id: string
  readonly tool: string
  readonly callId: string
  readonly bytes: number
}

/** What a running tool can read of its session's artifacts. */
export type ReadsArtifacts = {
  /**
   * The content of an artifact of this session.
   * @throws ToolError if the session has none of this id, its content was erased, or the store cannot be read (retryable).
   */
  artifact(id: string): Promise<ArtifactContent>
  /** All of the session, in the order of their calls, erased ones too. */
  artifacts(): Promise<readonly ArtifactEntry[]>
}
