/** Fields marked sensitive, of one tool: in its schemas, or in its list of pointers. */
import {
  type CallReport,
  type Ending,
  type Json,
  type JsonObject,
  leavesOf,
  maskSensitive,
  type SensitiveShape,
  sensitiveShape,
} from '../core/index.ts'
import { type AnyTool, describeSchema, type Schema } from '../ports/index.ts'
import { type Redactor, redactorOf } from './redact.ts'

type Shapes = { readonly input: SensitiveShape | null; readonly output: SensitiveShape | null }

const known = new WeakMap<AnyTool, Shapes>()

export function shapesOf(tool: AnyTool): Shapes {
  const shapes = known.get(tool) ?? {
    input: sensitiveShape(describeSchema(tool.input), tool.sensitive),
    output: sensitiveShape(tool.output === undefined ? null : describedOrNull(tool.output), tool.sensitive),
  }
  known.set(tool, shapes)
  return shapes
}

/** An output schema need not be one that can be described; its marks then have to be pointers. */
function describedOrNull(schema: Schema): JsonObject | null {
  try {
    return describeSchema(schema)
  } catch {
    return null
  }
}

/** What redacts the values of a call's sensitive input fields; null where it has none that are long enough to be looked for. */
export function inputRedactor(tool: AnyTool | undefined, input: Json): Redactor | null {
  const shape = tool === undefined ? null : shapesOf(tool).input
  return shape === null ? null : redactorOf('sensitive', maskedValues(input, shape).values)
}

export type Hidden = { readonly output: Json; report(report: CallReport): CallReport }

/** The output without its sensitive fields, and what takes their values out of everything that is said of it. */
export function hideSensitive(tool: AnyTool, output: Json): Hidden {
  const shape = shapesOf(tool).output
  if (shape === null) return { output, report: (report) => report }
  const { masked, values } = maskedValues(output, shape)
  const redactor = redactorOf('sensitive', values)
  return { output: masked, report: (report) => (redactor === null ? report : cleanReport(report, redactor)) }
}

function maskedValues(
  value: Json,
  shape: SensitiveShape,
): { readonly masked: Json; readonly values: readonly string[] } {
  const values: string[] = []
  const masked = maskSensitive(value, shape, (taken) => values.push(...leavesOf(taken)))
  return { masked, values }
}

type Cleaner = Pick<Redactor, 'text' | 'json'>

/** A report whose free texts and values have gone through a redactor; its words of the vocabulary stay. */
export function cleanReport(report: CallReport, { text, json }: Cleaner): CallReport {
  const { outcome, presented, summary, ending } = report
  return {
    ...report,
    outcome: cleanOutcome(outcome, { text, json }),
    ...(presented !== undefined && { presented: json(presented) }),
    ...(summary !== undefined && { summary: json(summary) }),
    ...(ending !== undefined && { ending: cleanEnding(ending, text) }),
  }
}

function cleanOutcome(outcome: CallReport['outcome'], { text, json }: Cleaner): CallReport['outcome'] {
  if (outcome.type === 'ok') return { ...outcome, output: json(outcome.output) }
  return 'message' in outcome ? { ...outcome, message: text(outcome.message) } : outcome
}

export function cleanEnding(ending: Ending, text: (text: string) => string): Ending {
  return {
    ...ending,
    ...('caseId' in ending && { caseId: text(ending.caseId) }),
    ...(ending.message !== undefined && { message: text(ending.message) }),
  }
}
