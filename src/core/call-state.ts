/** A call and an approval, as the events add up. */
import type { ArtifactRef } from './artifact/artifact.ts'
import type { CallTerms, Question, Subject } from './event.ts'
import type { Json, JsonObject } from './json.ts'
import type { IgnoredPart } from './memory/memory-events.ts'
import type { ApprovalResolution, EffectClass, Ending, Outcome, Settlement, Trust } from './vocabulary.ts'

/** `lost`: it started under a fence that is gone, and what follows depends on its effect class. */
export type CallStatus = 'proposed' | 'held' | 'allowed' | 'started' | 'lost' | 'finished'

export type CallState = {
  callId: string
  taskId: string
  turn: number
  tool: string
  providerCallId: string
  /** What will run, as far as it is known: proposed, then as judged, then as edited. */
  input: Json
  /** Why the proposal could not be read, or was over a limit; such a call is never judged. */
  problem: string | null
  status: CallStatus
  effect: EffectClass | null
  /** It moves the plan or its tasks: control flow answers it. */
  isControl: boolean
  terms: CallTerms | null
  policyReason: string | null
  judgements: number
  judgedFence: number
  judgedEpoch: number
  attempt: number
  fence: number
  startedAt: number
  leaseMs: number
  retries: number
  retryAt: number | null
  outcome: Outcome | null
  tookEffect: boolean
  presented: Json | undefined
  summary: JsonObject | undefined
  /** Where the whole output is; the outcome has a preview of it. */
  artifact: ArtifactRef | null
  /** What a processor made of the result: the model is shown this, and not the result. */
  processed: { noted: readonly string[]; ignored: readonly IgnoredPart[]; problem: string | null } | null
  ending: Ending | null
  settled: { settlement: Settlement; by: string; reason: string | null } | null
  lateOutcome: Outcome | null
  approvalId: string | null
  /** The hash that people have approved. */
  approvedHash: string | null
  editedBy: string | null
  runAgainBy: string | null
  /** Of a call that moves the plan: how far its answer can be trusted. */
  controlTrust: Trust | null
  /** Characters of the result, for the estimate of a prompt. */
  characters: number
}

export type ApprovalState = {
  approvalId: string
  callId: string
  kind: 'approval' | 'question'
  reason: string
  message: string | null
  hash: string
  quorum: number
  notRequester: boolean
  requestedAt: number
  expiresAt: number
  ask: string | null
  question: Question | null
  subject: Subject | null
  votes: string[]
  resolution: ApprovalResolution | null
  resolvedBy: string | null
  resolvedReason: string | null
}
