/** Outputs that are too large for a prompt: in the store before any event names them. */
import { type ArtifactRef, type Json, utf8Bytes } from '../core/index.ts'
import type { Env, NewArtifact, Store } from '../ports/index.ts'
import { canonicalJson } from './canonical-json.ts'
import { RETRY_STORE_MS } from './commit.ts'
import { sha256Bytes } from './hash.ts'
import type { RuntimeLimits } from './options.ts'

/** Keeps a value; null: the store does not take it. Never rejects: the output stands, whatever becomes of its content. */
export type KeepArtifact = (value: Json) => Promise<ArtifactRef | null>

export type Keeping = {
  readonly store: Pick<Store, 'saveArtifact'>
  readonly env: Pick<Env, 'setTimer'>
  readonly limits: Pick<RuntimeLimits, 'artifactAttempts'>
}

export function keeperOf({ store, env, limits }: Keeping, tenant: string): KeepArtifact {
  return async (value) => {
    const artifact = artifactOf(value)
    for (let attempt = 1; attempt <= limits.artifactAttempts; attempt += 1) {
      if (attempt > 1) await new Promise<void>((resolve) => void env.setTimer(RETRY_STORE_MS, resolve))
      try {
        await store.saveArtifact(tenant, artifact)
        const { hash, mediaType, bytes } = artifact
        return { hash, mediaType, bytes: bytes.length }
      } catch {
        // Full, away, or unclear: saving it again changes nothing but its time.
      }
    }
    return null
  }
}

export const JSON_TYPE = 'application/json'
export const TEXT_TYPE = 'text/plain; charset=utf-8'

/** A text as it is; everything else as its canonical JSON, so that the same output is the same artifact. */
function artifactOf(value: Json): NewArtifact {
  const isText = typeof value === 'string'
  const bytes = new TextEncoder().encode(isText ? value : canonicalJson(value))
  return { hash: sha256Bytes(bytes), mediaType: isText ? TEXT_TYPE : JSON_TYPE, bytes }
}

/** Whether the value is over so many bytes as JSON. Most are far below, and are not looked at closely. */
export function isLarger(value: Json, maxBytes: number): boolean {
  const text = JSON.stringify(value)
  return text.length > maxBytes || (text.length * 3 > maxBytes && utf8Bytes(text) > maxBytes)
}
