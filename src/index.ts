/** Pawl: a durable agent runtime. A model proposes, the runtime decides, acts at most once, and writes down what happened. */
import { embedded } from './engines/embedded.ts'
import { buildRuntime, type Runtime, type RuntimeOptions } from './runtime/index.ts'

/**
 * Drives sessions from creation until `stop()`.
 * @throws PawlError `definition` if two agents share a name.
 */
export function createRuntime(options: RuntimeOptions): Runtime {
  return buildRuntime({ ...options, engine: options.engine === undefined ? embedded() : options.engine })
}

export type {
  Budget,
  Ending,
  Exposure,
  Fact,
  FactKind,
  FactSource,
  GivenPlan,
  GivenTask,
  Json,
  JsonObject,
  Limits,
  LogEvent,
  OpenQuestion,
  Outcome,
  PatchFact,
  PawlEvent,
  Plan,
  PlanProblem,
  PlanReview,
  PlanTask,
  PlanView,
  Price,
  ProposedPlan,
  RecoveryAction,
  Route,
  Sensitivity,
  Source,
  StatePatch,
  Status,
  StopReason,
  TaskView,
  Trust,
  Verdict,
} from './core/index.ts'
export { defaultBudget, defaultLimits, secret } from './core/index.ts'
export type {
  AnyTool,
  ArtifactContent,
  ArtifactEntry,
  Env,
  Model,
  ModelRequest,
  Policy,
  PolicyRequest,
  Store,
  Tool,
  ToolContext,
  Verification,
} from './ports/index.ts'
export {
  ModelRequestError,
  PawlError,
  StoreFullError,
  StoreUnavailableError,
  StoreUnclearError,
  ToolError,
} from './ports/index.ts'
export type {
  Agent,
  AgentOptions,
  ApprovalName,
  Approvals,
  Checker,
  CheckPlanOptions,
  LiveDelta,
  MemoryStrategy,
  OpenApproval,
  PatternName,
  PlanningOptions,
  ProcessedResult,
  Processor,
  Result,
  Runtime,
  RuntimeOptions,
  SecretResolver,
  SendableCommand,
  Sent,
  SessionName,
  Specialist,
  Started,
  StartOptions,
  StreamPart,
  WatchItem,
  WatchOptions,
} from './runtime/index.ts'
export {
  agent,
  checkPlan,
  DefinitionError,
  planFrom,
  retrieve,
  SecretError,
  StartError,
  secretsFrom,
  streamParts,
  summarize,
  tool,
  UnknownEventError,
  UnknownSessionError,
  window,
  workingFacts,
} from './runtime/index.ts'
