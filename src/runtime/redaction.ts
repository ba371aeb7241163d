/**
 * The places at which secrets are taken out before anything is stored or told, so that a proof can take one of them away. What is not
 * here: fields marked sensitive (`sensitive-tool.ts`), what a schema says of a value, which is cut later (`validate.ts`), and what is
 * only shown (`mask-log.ts`).
 */

import { redactCompletion, secretsRefusal } from './redact-completion.ts'
import { createDeltas } from './redact-deltas.ts'
import { encodingsOf } from './redact-encodings.ts'
import { redactProblem } from './redact-problem.ts'
import { redactBeginning, redactCommand } from './redact-sent.ts'

export type Redaction = {
  readonly encodingsOf: typeof encodingsOf
  readonly beginning: typeof redactBeginning
  readonly command: typeof redactCommand
  readonly completion: typeof redactCompletion
  readonly inputRefusal: typeof secretsRefusal
  readonly deltas: typeof createDeltas
  readonly problem: typeof redactProblem
}

export const redaction: Redaction = {
  encodingsOf,
  beginning: redactBeginning,
  command: redactCommand,
  completion: redactCompletion,
  inputRefusal: secretsRefusal,
  deltas: createDeltas,
  problem: redactProblem,
}
