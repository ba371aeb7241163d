/** Policies: rules in code that decide whether a call may happen. Each one names the tools that it speaks of. */

export { type CombineOptions, combine, isVerdict } from '../core/index.ts'
export { type AllOf, allOf } from './all-of.ts'
export type { AskOptions } from './approval.ts'
export {
  type ConfirmationKey,
  type ConfirmationTokenOptions,
  type Confirmed,
  confirmationToken,
  issueConfirmationToken,
} from './confirmation-token.ts'
export { InvalidPolicyError } from './errors.ts'
export { allowTools, denyTools, open } from './lists.ts'
export { type PolicyOptions, policy } from './policy.ts'
export { type RequireApprovalOptions, requireApproval } from './require-approval.ts'
export { type RetryBudgetOptions, retryBudget } from './retry-budget.ts'
export { type RuleOfTwoOptions, ruleOfTwo } from './rule-of-two.ts'
export { type Counted, type SessionThresholdOptions, sessionThreshold } from './session-threshold.ts'
export { type TenantScopeOptions, tenantScope } from './tenant-scope.ts'
export { type ThresholdOptions, threshold } from './threshold.ts'
export type { ToolReference } from './tool-names.ts'
