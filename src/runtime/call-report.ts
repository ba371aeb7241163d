/** What a tool returned or threw, as a report: canonical, within limits, and honest about what is not known. */
import { admit, type CallReport, type Ending, type Json, type JsonObject, previewOf, utf8Bytes } from '../core/index.ts'
import { type AnyTool, ToolError } from '../ports/index.ts'
import { validate } from './judge.ts'
import type { RuntimeLimits } from './options.ts'
import { problemText } from './problem-text.ts'

/** Left of an event for everything that is not the output. */
const EVENT_SLACK_BYTES = 16_384
/** Of an output that is not what it should be. */
const SHOWN_CHARACTERS = 4_000

export async function outputReport(tool: AnyTool, output: unknown, limits: RuntimeLimits): Promise<CallReport> {
  const admitted = admit(output, { maxDepth: limits.maxDepth, maxBytes: Number.MAX_SAFE_INTEGER }, 'repair')
  if (admitted.type === 'problem') return unreadable(tool, admitted.problem)
  const mismatch = await outputMismatch(tool, admitted.value)
  if (mismatch !== null) return withinEvent(mismatched(tool, admitted.value, mismatch), admitted.value, limits)
  const report: CallReport = {
    outcome: { type: 'ok', output: admitted.value },
    trust: 'tool',
    ...views(tool, admitted.value, limits),
  }
  return withinEvent(report, admitted.value, limits)
}

/** Thrown: `ToolError` says how; anything else may be repeated where repeating is harmless. */
export function failureReport(problem: unknown): CallReport {
  const message = problemText(problem)
  if (!(problem instanceof ToolError)) return { outcome: { type: 'retryable_error', message }, trust: 'tool' }
  const outcome = { type: problem.retryable ? 'retryable_error' : 'terminal_error', message } as const
  return problem.tookEffect === false ? { outcome, tookEffect: false, trust: 'tool' } : { outcome, trust: 'tool' }
}

async function outputMismatch(tool: AnyTool, output: Json): Promise<string | null> {
  if (tool.output === undefined) return null
  try {
    const validated = await validate(tool.output, output)
    return validated.type === 'valid' ? null : validated.message
  } catch (problem) {
    return `its schema failed: ${problemText(problem)}`
  }
}

/** A write took effect, whatever it answered: that is never a reason to repeat it. */
function mismatched(tool: AnyTool, output: Json, message: string): CallReport {
  if (tool.effect === 'read')
    return {
      outcome: { type: 'terminal_error', message: `its output is not what it promises: ${message}` },
      trust: 'system',
    }
  const warning = `it took effect, but its output is not what it promises: ${message}`
  const text = JSON.stringify(output)
  const shown = text.length <= SHOWN_CHARACTERS ? output : previewOf(text, SHOWN_CHARACTERS)
  return { outcome: { type: 'ok', output }, presented: { warning, output: shown }, trust: 'tool' }
}

function unreadable(tool: AnyTool, problem: string): CallReport {
  if (tool.effect === 'read')
    return {
      outcome: { type: 'terminal_error', message: `its output cannot be recorded: ${problem}` },
      trust: 'system',
    }
  const output = { warning: `it took effect, but its output cannot be recorded: ${problem}` }
  return { outcome: { type: 'ok', output }, trust: 'tool' }
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
  if (!isObject(value)) return false
  if (value['type'] === 'case_opened') return typeof value['caseId'] === 'string'
  return ['answered', 'handed_to_human', 'timed_out', 'none'].some((type) => type === value['type'])
}

function attempt<T>(view: () => T): T | undefined {
  try {
    return view()
  } catch {
    return undefined
  }
}

/** Until there are artifacts, an output larger than an event leaves a preview, marked as one. */
function withinEvent(report: CallReport, output: Json, limits: RuntimeLimits): CallReport {
  const text = JSON.stringify(output)
  if (text.length * 3 < limits.maxEventBytes - EVENT_SLACK_BYTES) return report
  const bytes = utf8Bytes(text)
  if (bytes <= limits.maxEventBytes - EVENT_SLACK_BYTES) return report
  const preview = { output_truncated: true, bytes, preview: previewOf(text, limits.resultPreviewCharacters) }
  return { ...report, outcome: { type: 'ok', output: preview }, outputTruncated: true }
}
