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
import { CUT_MESSAGE_CHARACTERS } from './problem-text.ts'
import { type Redactor, redactorOf } from './redact.ts'
import type { Telling } from './validate.ts'

/** Of an output that is not what it should be. */
export const SHOWN_CHARACTERS = 4_000

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

/** What may be told of an input or an output: without what any of the shapes marks, and without what the cleaner takes out. */
export function tellingOf(
  shapes: readonly (SensitiveShape | null)[],
  value: Json,
  cleaner: Pick<Redactor, 'text' | 'json'>,
): Telling {
  const marked = shapes.filter((shape) => shape !== null)
  const masked = marked.reduce((left, shape) => maskSensitive(left, shape), value)
  const values = marked.flatMap((shape) => maskedValues(value, shape).values)
  const own = redactorOf('sensitive', values)
  const shown = cleaner.json(masked)
  if (own === null) return { shown, text: (text) => cleaner.text(text) }
  return { shown: own.json(shown), text: (text) => own.text(cleaner.text(text)) }
}

function maskedValues(
  value: Json,
  shape: SensitiveShape,
): { readonly masked: Json; readonly values: readonly string[] } {
  const values: string[] = []
  const masked = maskSensitive(value, shape, (taken) => values.push(...leavesOf(taken)))
  return { masked, values }
}

type Cleaner = Pick<Redactor, 'text' | 'json' | 'shortened'>
type PreviewCleaner = Pick<Redactor, 'json' | 'shortened'>

/** A report whose free texts and values have gone through a redactor; its words of the vocabulary stay. */
export function cleanReport(report: CallReport, cleaner: Cleaner): CallReport {
  const { presented, summary, ending } = report
  const { text, json } = cleaner
  return {
    ...report,
    outcome: cleanOutcome(report, cleaner),
    ...(presented !== undefined && { presented: cleanPresented(presented, cleaner) }),
    ...(summary !== undefined && { summary: json(summary) }),
    ...(ending !== undefined && { ending: cleanEnding(ending, text) }),
  }
}

function cleanOutcome({ outcome, outputTruncated }: CallReport, cleaner: Cleaner): CallReport['outcome'] {
  if (outcome.type === 'ok') {
    const preview = { key: 'preview', characters: 0 }
    const output = outputTruncated ? cleanPreview(outcome.output, preview, cleaner) : cleaner.json(outcome.output)
    return { ...outcome, output }
  }
  if (!('message' in outcome)) return outcome
  return { ...outcome, message: cleaner.shortened(outcome.message, CUT_MESSAGE_CHARACTERS) }
}

/** What the tool shows, or an output that does not fit its schema: that is cut where it is long. */
export function cleanPresented(presented: Json, cleaner: PreviewCleaner): Json {
  return cleanPreview(presented, { key: 'output', characters: SHOWN_CHARACTERS }, cleaner)
}

/** What may have been cut at so many characters, in a member of that name. */
type Preview = { readonly key: string; readonly characters: number }

/** Of an output that is too long only the beginning is kept, and a value may have been cut there. */
function cleanPreview(value: Json, { key, characters }: Preview, { json, shortened }: PreviewCleaner): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return json(value)
  // Neither null nor a list.
  const { [key]: preview, ...others } = value as JsonObject
  if (typeof preview !== 'string') return json(value)
  return { ...json(others), [key]: shortened(preview, characters) }
}

export function cleanEnding(ending: Ending, text: (text: string) => string): Ending {
  return {
    ...ending,
    ...('caseId' in ending && { caseId: text(ending.caseId) }),
    ...(ending.message !== undefined && { message: text(ending.message) }),
  }
}
