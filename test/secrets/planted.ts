/** Redaction without one of its parts: what the search must find. */
import type { CallReport, Completion } from '../../src/core/index.ts'
import { type Wiring, wiring } from '../../src/runtime/index.ts'

type Redaction = Wiring['redaction']

const none: Redaction = {
  encodingsOf: () => ['no value has this form'],
  beginning: (beginning) => ({ type: 'clean', value: beginning }),
  command: (command) => ({ type: 'clean', value: command }),
  completion: (_, completion) => completion,
  inputRefusal: () => null,
  deltas: (_, give) => ({ push: give, flush: () => {} }),
  problem: (_, problem) => problem,
}

const shipped = wiring.redaction

/** By name; `none` is the control, under which every path has to show its value. */
export const plants: Readonly<Record<string, Redaction>> = {
  shipped,
  none,
  'base64 behind one byte left out': {
    ...shipped,
    encodingsOf: (value) => shipped.encodingsOf(value).filter((form) => !behind(value, 1).includes(form)),
  },
  'percent-encoding left out': {
    ...shipped,
    encodingsOf: (value) => shipped.encodingsOf(value).filter((form) => form === value || !form.includes('%')),
  },
  'marks of sensitive fields left out': shipped,
  'errors not redacted': {
    ...shipped,
    completion: (activation, given) => keepingErrors(given, shipped.completion(activation, given)),
  },
  'presented alone is redacted': {
    ...shipped,
    completion: (activation, given) => onlyPresented(given, shipped.completion(activation, given)),
  },
  'what models say not redacted': {
    ...shipped,
    completion: (activation, given) =>
      given.type === 'record_outcome' && given.of.type === 'model' ? given : shipped.completion(activation, given),
  },
  'deltas redacted one by one': {
    ...shipped,
    deltas: (redactor, give) => ({
      push: (delta) => give({ ...delta, text: redactor().text(delta.text) }),
      flush: () => {},
    }),
  },
  'deltas not redacted': { ...shipped, deltas: none.deltas },
  'what people say not redacted': { ...shipped, command: none.command },
  'the beginning not redacted': { ...shipped, beginning: none.beginning },
  'problems not redacted': { ...shipped, problem: none.problem },
}

/** The base64 of a value behind so many bytes, without its ends. */
function behind(value: string, before: number): string {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)])
  return [bytes.toString('base64'), bytes.toString('base64url')].join(' ')
}

function reportOf(completion: Completion): CallReport | null {
  return completion.type === 'record_outcome' && completion.of.type === 'call' ? completion.of.report : null
}

function withReport(completion: Completion, report: CallReport): Completion {
  if (completion.type !== 'record_outcome' || completion.of.type !== 'call') return completion
  return { ...completion, of: { ...completion.of, report } }
}

function keepingErrors(given: Completion, redacted: Completion): Completion {
  const before = reportOf(given)
  const after = reportOf(redacted)
  if (before === null || after === null || before.outcome.type === 'ok') return redacted
  return withReport(redacted, { ...after, outcome: before.outcome })
}

function onlyPresented(given: Completion, redacted: Completion): Completion {
  const before = reportOf(given)
  const after = reportOf(redacted)
  if (before === null || after === null) return redacted
  return withReport(given, { ...before, ...(after.presented !== undefined && { presented: after.presented }) })
}
