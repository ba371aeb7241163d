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

/** `shows`: paths whose values that part alone hides; each of them has to be found. */
export type Plant = { readonly redaction: Redaction; readonly shows: readonly string[] }

/** No mistakes: what is shipped, and the control, under which every path has to show its value. */
const references: Readonly<Record<string, Plant>> = {
  shipped: { redaction: shipped, shows: [] },
  none: { redaction: none, shows: [] },
}

/** By name. */
export const mistakes: Readonly<Record<string, Plant>> = {
  'base64 behind one byte left out': {
    redaction: {
      ...shipped,
      encodingsOf: (value) => shipped.encodingsOf(value).filter((form) => !behind(value, 1).includes(form)),
    },
    shows: inEachWay('base64 behind 1', 'base64url behind 1'),
  },
  'percent-encoding left out': {
    redaction: {
      ...shipped,
      encodingsOf: (value) => shipped.encodingsOf(value).filter((form) => form === value || !form.includes('%')),
    },
    shows: inEachWay('percent in small letters', 'percent throughout', 'form'),
  },
  'marks of sensitive fields left out': { redaction: shipped, shows: ['sensitive field'] },
  'errors not redacted': {
    redaction: {
      ...shipped,
      completion: (activation, given) => keepingErrors(given, shipped.completion(activation, given)),
    },
    shows: [
      'error: plain',
      'ToolError',
      'thrown text',
      'thrown object',
      'rejected later',
      'aggregate',
      'late error',
      'plan: error of a task',
    ],
  },
  'presented alone is redacted': {
    redaction: {
      ...shipped,
      completion: (activation, given) => onlyPresented(given, shipped.completion(activation, given)),
    },
    shows: ['output: plain', 'isolated output', 'nested', 'key', 'summary', 'big', 'plan: result that is passed on'],
  },
  'what models say not redacted': {
    redaction: {
      ...shipped,
      completion: (activation, given) =>
        given.type === 'record_outcome' && given.of.type === 'model' ? given : shipped.completion(activation, given),
    },
    shows: [
      ...['model: text', 'model: reasoning', 'model: input of a call', 'model: body of an error', 'model: last text'],
      ...['plan: goal', 'plan: input that a planner writes', 'plan: reason of a route', 'plan: name of a step'],
      ...['plan: answer of a task', 'plan: what a task says that it lacks', 'plan: brief of a piece of work'],
    ],
  },
  'what checkers say not redacted': {
    redaction: {
      ...shipped,
      completion: (activation, given) =>
        given.type === 'record_check' ? given : shipped.completion(activation, given),
    },
    shows: ['plan: what a checker says'],
  },
  'deltas redacted one by one': {
    redaction: {
      ...shipped,
      deltas: (redactor, give) => ({
        push: (delta) => give({ ...delta, text: redactor().text(delta.text) }),
        flush: () => {},
      }),
    },
    shows: ['model: deltas', 'model: delta of a call'],
  },
  'deltas not redacted': {
    redaction: { ...shipped, deltas: none.deltas },
    shows: ['model: deltas', 'model: delta of reasoning', 'model: delta of a call'],
  },
  'what people say not redacted': {
    redaction: { ...shipped, command: none.command },
    shows: [
      ...['answer of a person', 'who answers', 'edited input', 'later message', 'reason of a settlement'],
      ...['plan: input of an edited plan', 'plan: reason of a review'],
    ],
  },
  'what is cut in a settlement redacted as if it were whole': {
    redaction: {
      ...shipped,
      command: (command, redactor) =>
        shipped.command(command, { ...redactor, shortened: (text, _, growth) => redactor.text(text, growth) }),
    },
    shows: ['cut in a settlement'],
  },
  'the beginning not redacted': {
    redaction: { ...shipped, beginning: none.beginning },
    shows: [
      ...['first message', 'requester', 'context', 'id of a command', 'instructions', 'closing'],
      ...['plan: input of a given plan', 'plan: name of a template'],
    ],
  },
  'problems not redacted': { redaction: { ...shipped, problem: none.problem }, shows: ['problem that is reported'] },
}

export const plants: Readonly<Record<string, Plant>> = { ...references, ...mistakes }

function inEachWay(...writings: readonly string[]): readonly string[] {
  return writings.flatMap((name) => [`output: ${name}`, `error: ${name}`])
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
