import type {
  EffectClass,
  Exposure,
  Json,
  JsonObject,
  Origin,
  Sensitivity,
  State,
  Trust,
  Verdict,
} from '../core/index.ts'

/** What a policy may look at. Everything is frozen; `input` is exactly what will run. */
export type PolicyRequest = {
  readonly tenant: string
  readonly sessionId: string
  readonly agent: string
  readonly call: { readonly callId: string; readonly tool: string; readonly input: Json; readonly attempt: number }
  readonly tool: {
    readonly name: string
    readonly effect: EffectClass
    readonly sensitivity: Sensitivity
    readonly trust: Trust
    readonly egress: boolean
  }
  /** What the model may have read by now, with its labels; from the log, so the same after a restart. Messages first, then calls. */
  readonly exposure: Exposure
  readonly requester: Origin
  /** The caller's free data of `start`. */
  readonly context: JsonObject
  readonly spent: {
    readonly tokens: number
    readonly costMicroUsd: number
    readonly calls: number
    readonly callRetries: number
  }
  /** The live approval of exactly this call and input, if people have given one. */
  readonly approval: { readonly approvalId: string; readonly by: readonly string[] } | null
  /** The session's state: earlier calls with their outcomes, the transcript. A read-only view: writing to it throws. */
  readonly state: Readonly<State>
  readonly signal: AbortSignal
}

/**
 * A rule in code. One that throws, times out (`policyTimeoutMs`) or answers anything but a verdict denies.
 * A policy that returns a value is judged inside the pass; one that returns a promise is an action of its own.
 */
export interface Policy {
  /** Stands in events and in `pawl tools`. */
  readonly name: string
  /** Changes whenever the rule does: approvals are bound to it. Parameters belong in it; a user's function counts by `version`. */
  readonly version: string
  /** The tools that it speaks of; `'*'`: all. A tool that writes and that no policy names makes `agent(...)` refuse to build. */
  readonly tools: readonly string[] | '*'
  /** The parts of a combination (`allOf`). */
  readonly policies?: readonly Policy[]
  /**
   * When a call of its tools can run with nobody asked, as far as that can be told without a call. `never`; `rule_of_two`: not one
   * that writes or reaches outside once the session holds both untrusted text and private data. Only for `pawl doctor`.
   */
  readonly unattended?: 'never' | 'rule_of_two'
  /** What `rule_of_two` speaks of: the private data that it looks for, and the tools that it lets through all the same. */
  readonly ruleOfTwo?: { readonly sensitive: readonly Sensitivity[]; readonly except: readonly string[] }
  check(request: PolicyRequest): Verdict | Promise<Verdict>
}
