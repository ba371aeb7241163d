/** The interpreter of the core's answers, and the facade that users build on. */
export type { LiveDelta } from './activation.ts'
export type { ApprovalName, Approvals, OpenApproval } from './approvals.ts'
export { type CheckPlanOptions, checkPlan } from './check-plan.ts'
export { StartError } from './check-start.ts'
export { type Agent, type AgentOptions, agent, DefinitionError, tool } from './define.ts'
export { decodeEvent, UnknownEventError } from './encode.ts'
export { canonicalJson, hashOf } from './hash.ts'
export { loadState } from './load.ts'
export { createLogMask, type InputShapes, type LogMask, maskLog } from './mask-log.ts'
export {
  type MemoryStrategy,
  type ProcessedResult,
  type Processor,
  retrieve,
  summarize,
  window,
  workingFacts,
} from './memory-options.ts'
export { nodeEnv } from './node-env.ts'
export type { RuntimeOptions } from './options.ts'
export { planContextOf } from './plan-context.ts'
export { planFrom } from './plan-from.ts'
export type { Checker, PlanningOptions, Specialist } from './planning-options.ts'
export { createRedactor } from './redact.ts'
export type { PatternName } from './redact-patterns.ts'
export type { Result } from './result.ts'
export { type Retained, retain } from './retain.ts'
export { buildRuntime, type Runtime } from './runtime.ts'
export { SecretError } from './secret-error.ts'
export { createSecrets, type SecretResolver } from './secrets.ts'
export { secretsFrom } from './secrets-from.ts'
export type { SendableCommand, Sent } from './send.ts'
export type { SessionName } from './session-name.ts'
export { createSessionShapes, createShapesOfSessions, type ShapesContext } from './session-shapes.ts'
export type { Started, StartOptions } from './start.ts'
export { type StreamPart, streamParts } from './stream-parts.ts'
export { UnknownSessionError, type WatchItem, type WatchOptions } from './watch.ts'
export { type Wiring, wiring } from './wiring.ts'
