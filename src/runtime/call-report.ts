/** What a tool returned or threw, as a report: canonical, within limits, and honest about what is not known. */

import {
  admit,
  type CallReport,
  type Ending,
  type Json,
  type JsonObject,
  previewOf,
  previewOfOutput,
  utf8Bytes,
} from '../core/index.ts'
import type { AnyTool, Env } from '../ports/index.ts'
import { isLarger, type KeepArtifact } from './keep-artifact.ts'
import type { RuntimeLimits } from './options.ts'
import { problemText } from './problem-text.ts'
import type { Redactor } from './redact.ts'
import { hideSensitive, SHOWN_CHARACTERS, shapesOf, tellingOf } from './sensitive-tool.ts'
import { toolErrorFields } from './tool-error-fields.ts'
import { validate } from './validate.ts'
import { withinTime } from './within-time.ts'

/** What a report needs of the runtime. */
export type Reporting = {
  readonly limits: RuntimeLimits
  readonly env: Pick<Env, 'setTimer'>
  /** Of the call's session and input. Asked for only when the tool has answered: it may have resolved a secret meanwhile. */
  readonly cleaner: () => Pick<Redactor, 'text' | 'json'>
  readonly keep: KeepArtifact
}

export async function outputReport(tool: AnyTool, output: unknown, reporting: Reporting): Promise<CallReport> {
  const { limits } = reporting
  const admitted = admit(output, { maxDepth: limits.maxDepth, maxBytes: limits.maxOutputBytes }, 'repair')
  if (admitted.type === 'problem') return unreadable(tool, admitted.problem)
  const mismatch = await outputMismatch(tool, admitted.value, reporting)
  const hidden = hideSensitive(tool, admitted.value)
  if (mismatch !== null)
    return withinPrompt(hidden.report(mismatched(tool, hidden.output, { message: mismatch, limits })), reporting)
  const report: CallReport = {
    outcome: { type: 'ok', output: hidden.output },
    trust: trustOf(tool),
    ...views(tool, admitted.value, limits),
  }
  return withinPrompt(hidden.report(report), reporting)
}

/** Thrown: `ToolError` says how; anything else may be repeated where repeating is harmless. */
export function failureReport(tool: AnyTool, problem: unknown): CallReport {
  const message = problemText(problem)
  const trust = trustOf(tool)
  const said = toolErrorFields(problem)
  if (said === null) return { outcome: { type: 'retryable_error', message }, trust }
  const outcome = { type: said.retryable ? 'retryable_error' : 'terminal_error', message } as const
  return said.tookEffect === false ? { outcome, tookEffect: false, trust } : { outcome, trust }
}

/** What the tool says of its answers, its errors too. */
export function trustOf({ trust = 'tool' }: AnyTool): CallReport['trust'] {
  return trust
}

async function outputMismatch(
  tool: AnyTool,
  output: Json,
  { limits, env, cleaner }: Reporting,
): Promise<string | null> {
  if (tool.output === undefined) return null
  const telling = () => tellingOf([shapesOf(tool).output], output, cleaner())
  try {
    const bounds = { env, timeoutMs: limits.policyTimeoutMs, what: 'validating the output' }
    const validated = await withinTime(Promise.resolve(validate(tool.output, output, telling)), bounds)
    return validated.type === 'valid' ? null : validated.message
  } catch (problem) {
    return `its schema failed: ${problemText(problem, telling().text)}`
  }
}

type Mismatch = { readonly message: string; readonly limits: Pick<RuntimeLimits, 'maxInlineBytes'> }

/** A write took effect, whatever it answered: that is never a reason to repeat it. */
function mismatched(tool: AnyTool, output: Json, { message, limits }: Mismatch): CallReport {
  if (tool.effect === 'read')
    return {
      outcome: { type: 'terminal_error', message: `its output is not what it promises: ${message}` },
      trust: trustOf(tool),
    }
  const warning = `it took effect, but its output is not what it promises: ${message}`
  const text = JSON.stringify(output)
  const shown = text.length <= SHOWN_CHARACTERS ? output : previewOf(text, SHOWN_CHARACTERS)
  const presented = { warning, output: shown }
  // Whatever there is room for, the model is told. A character is six bytes at most.
  const told = isLarger(presented, limits.maxInlineBytes)
    ? { warning: previewOf(warning, Math.floor(limits.maxInlineBytes / 8)) }
    : presented
  return { outcome: { type: 'ok', output }, presented: told, trust: trustOf(tool) }
}

/** It took effect, whatever it answered, and cannot be shown. */
export function unreadable(tool: AnyTool, problem: string): CallReport {
  if (tool.effect === 'read')
    return {
      outcome: { type: 'terminal_error', message: `its output cannot be recorded: ${problem}` },
      trust: trustOf(tool),
    }
  const output = { warning: `it took effect, but its output cannot be recorded: ${problem}` }
  return { outcome: { type: 'ok', output }, trust: trustOf(tool) }
}

type Views = { readonly presented?: Json; readonly summary?: JsonObject; readonly ending?: Ending }

/** What the tool says of its own output. A view that throws is left out: the output stands. */
function views(tool: AnyTool, output: Json, limits: RuntimeLimits): Views {
  const bounds = { maxDepth: limits.maxDepth, maxBytes: limits.maxInputBytes }
  const presented = attempt(() => tool.present?.(output))
  const summary = attempt(() => tool.summarize?.(output))
  const ending = attempt(() => tool.endsSession?.(output) ?? undefined)
  const shown = presented === undefined ? undefined : admit(presented, bounds, 'repair')
  const summed = admit(summary, bounds, 'repair')
  const ended = admit(ending, bounds, 'repair')
  return {
    ...(shown?.type === 'ok' && { presented: shown.value }),
    ...(summed.type === 'ok' && isObject(summed.value) && { summary: summed.value }),
    ...(ended.type === 'ok' && isEnding(ended.value) && { ending: ended.value }),
  }
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isEnding(value: Json): value is Ending {
  if (!isObject(value) || !['string', 'undefined'].includes(typeof value['message'])) return false
  if (value['type'] === 'case_opened') return typeof value['caseId'] === 'string'
  return ['answered', 'handed_to_human', 'timed_out', 'none'].some((type) => type === value['type'])
}

function attempt<T>(view: () => T): T | undefined {
  try {
    const made = view()
    // A view that promises is left out; what becomes of the promise is nobody's, and must not end the process.
    if (made instanceof Promise) made.catch(() => {})
    return made
  } catch {
    return undefined
  }
}

/** A large output becomes an artifact, and a preview of it takes its place. A view that is no shorter than that is none. */
async function withinPrompt(given: CallReport, { limits, cleaner, keep }: Reporting): Promise<CallReport> {
  const { maxInlineBytes } = limits
  const report = withShortView(given, maxInlineBytes)
  if (report.outcome.type !== 'ok' || !isLarger(report.outcome.output, maxInlineBytes)) return report
  // Nobody takes out of it later what must not be stored.
  const output = cleaner().json(report.outcome.output)
  const artifact = await keep(output)
  if (artifact === null) return truncated(report, output, limits)
  return { ...report, outcome: { type: 'ok', output: previewOfOutput(output, artifact, limits) }, artifact }
}

function withShortView({ presented, ...report }: CallReport, maxBytes: number): CallReport {
  return presented === undefined || isLarger(presented, maxBytes) ? report : { ...report, presented }
}

/** The store does not take it, and what was done is done: its beginning, marked as one. */
function truncated(report: CallReport, output: Json, limits: RuntimeLimits): CallReport {
  const text = JSON.stringify(output)
  const preview = {
    output_truncated: true,
    bytes: utf8Bytes(text),
    preview: previewOf(text, limits.resultPreviewCharacters),
  }
  return { ...report, outcome: { type: 'ok', output: preview }, outputTruncated: true }
}
