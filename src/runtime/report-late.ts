/** A call's outcome that came after the fence, or after the tool was given up: offered to people, never taken as its outcome. */
import type { CallReport, Completion, JsonObject, Outcome } from '../core/index.ts'
import type { Activation } from './activation.ts'
import { isPassing, RETRY_STORE_MS } from './commit.ts'
import { encodeEvent } from './encode.ts'

/** Some ten minutes: a full disk is usually noticed by then. */
const MAX_TRIES = 1_200

/** Tried again while the store takes nothing: what a tool has said is not lost with the lease. */
export function reportLate(activation: Activation, completion: Completion, tries = 1): void {
  if (completion.type !== 'record_outcome' || completion.of.type !== 'call') return
  const { driver, ref } = activation
  const redacted = driver.wiring.redaction.completion(activation, completion)
  if (redacted.type !== 'record_outcome' || redacted.of.type !== 'call') return
  const { callId, attempt, report } = redacted.of
  const outcome = withoutArtifact(report)
  const event = { type: 'late_outcome_noted', callId, attempt, outcome, trust: report.trust } as const
  const commandId = `late/${callId}/${attempt}`
  const append = {
    ref,
    event: encodeEvent({ ...event, commandId }),
    gates: ['open', 'message', 'extend', 'final'] as const,
    wake: false,
  }
  driver.store.appendUnconditionally(append).catch((problem: unknown) => {
    driver.observer.report(ref, problem)
    if (!isPassing(problem) || tries >= MAX_TRIES || driver.isDraining()) return
    driver.env.setTimer(RETRY_STORE_MS, () => reportLate(activation, completion, tries + 1))
  })
}

/** Nobody keeps the content of what is only noted: its preview says what it was, and not where to read it. */
function withoutArtifact({ outcome, artifact }: CallReport): Outcome {
  if (artifact === undefined || outcome.type !== 'ok') return outcome
  // A preview is an object.
  const { artifact: _, next: __, ...output } = outcome.output as JsonObject
  return { type: 'ok', output: { output_truncated: true, ...output } }
}
