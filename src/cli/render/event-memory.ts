/** `pawl events`: what says most of an event about memory, and of an artifact. */
import {
  type ArtifactRef,
  artifactId,
  type FactSource,
  type MemoryAbout,
  type MemoryEventTable,
  type PawlEvent,
  type Trust,
} from '../../core/index.ts'
import { bytesShown } from './bytes.ts'
import { count } from './units.ts'

type Digests = { readonly [K in keyof MemoryEventTable]: (event: MemoryEventTable[K]) => object }

const digests: Digests = {
  result_processed: ({ callId, noted, ignored = [], problem }) => ({
    callId,
    noted: noted.join(', '),
    ignored: ignored.map(({ code, name }) => (name === '' ? code : `${code} ${name}`)).join(', '),
    problem,
  }),
  fact_noted: ({ key, value, kind, source, priority, confidence, artifact, trust, sensitivity }) => ({
    key,
    value,
    ...(kind !== 'fact' && { kind }),
    from: sourceShown(source),
    priority,
    ...(confidence < 1 && { confidence }),
    ...labels(trust, sensitivity),
    ...(artifact !== undefined && { artifact: artifactId({ hash: artifact }) }),
  }),
  facts_compressed: ({ removed, points, trust = 'tool', sensitivity, problem }) => ({
    removed: removed.join(', '),
    points,
    ...labels(trust, sensitivity),
    problem,
  }),
  history_compacted: ({
    strategy,
    throughSeq,
    summary,
    trust = 'tool',
    cutCharacters,
    tokensBefore,
    tokensAfter,
    problem,
  }) => ({
    strategy,
    throughSeq,
    tokens: `${count(tokensBefore)} → ${count(tokensAfter)}`,
    cutCharacters,
    problem,
    ...labels(trust, undefined),
    summary,
  }),
  context_recalled: ({ messageSeq, throughSeq, query, passages }) => ({
    messageSeq,
    throughSeq,
    passages: passages.map(({ seq }) => seq),
    query,
  }),
  question_opened: ({ questionId, text, source, trust }) => ({
    questionId,
    text,
    from: sourceShown(source),
    ...labels(trust, undefined),
  }),
  question_answered: ({ questionId, answer, source, trust }) => ({
    questionId,
    answer,
    from: sourceShown(source),
    ...labels(trust, undefined),
  }),
}

/** Null: it is about something else. */
export function memoryDigestOf(event: PawlEvent): object | null {
  if (!Object.hasOwn(digests, event.type)) return null
  // Of this kind, as the table was just asked.
  return (digests as { readonly [kind: string]: (event: object) => object })[event.type]?.(event) ?? null
}

/** `75ec8826825834bc, 45 KiB`. */
export function artifactShown(artifact: ArtifactRef): string {
  return `${artifactId(artifact)}, ${bytesShown(artifact.bytes)}`
}

/** What a request of memory is about. */
export function aboutShown(about: MemoryAbout): object {
  switch (about.type) {
    case 'process':
      return { callId: about.callId }
    case 'compress':
      return { keys: about.keys.join(', ') }
    case 'summarize':
      return { throughSeq: about.throughSeq }
  }
}

function sourceShown({ kind, callId }: FactSource): string {
  return callId === undefined ? kind : `${kind} ${callId}`
}

/** Only what is out of the ordinary. */
function labels(trust: Trust, sensitivity: string | undefined): object {
  return { ...(trust === 'external' && { trust }), ...(sensitivity !== undefined && { sensitivity }) }
}
