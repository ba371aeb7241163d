/**
 * What actions came to, without secrets, before it is folded and stored. A call's input that runs and a signed reasoning block are
 * never altered: a call whose input holds a value becomes one that does not run, and such a block is left out.
 */
import {
  type AssistantPart,
  type CommandOf,
  type Completion,
  type Json,
  type Judgement,
  type ModelReport,
  previewOf,
  type Verdict,
} from '../core/index.ts'
import type { AnyTool } from '../ports/index.ts'
import { type Activation, stateOf } from './activation.ts'
import { MAX_CODE_CHARACTERS, NAME_CHARACTERS } from './canonical-response.ts'
import type { RuntimeLimits } from './options.ts'
import { CUT_MESSAGE_CHARACTERS } from './problem-text.ts'
import { freshGrowth, type Redactor } from './redact.ts'
import { cleanReport, inputRedactor } from './sensitive-tool.ts'

type Cleaner = Pick<Redactor, 'text' | 'shortened' | 'json' | 'secretsIn'>

export function redactCompletion(activation: Activation, completion: Completion): Completion {
  const redactor = activation.driver.secrets.redactor(activation.ref.tenant)
  if (completion.type === 'record_outcome' && completion.of.type === 'model') {
    const { tools } = activation.agent
    const context = { cleaner: cleanerOf(redactor, null), tools, limits: activation.driver.limits }
    const report = cleanModelReport(completion.of.report, context)
    return { ...completion, of: { ...completion.of, report } }
  }
  // What validation says quotes a plan that stands in the log already, without secrets.
  if (completion.type === 'record_review') return completion
  if (completion.type === 'record_check') return cleanCheck(completion, cleanerOf(redactor, null))
  // What was found stood in the log already, and what was read in the store: without the secrets that were known then.
  if (completion.type === 'record_recall') {
    const { json, text } = cleanerOf(redactor, null)
    return { ...completion, query: text(completion.query), passages: json(completion.passages) }
  }
  if (completion.type === 'record_input') {
    const isCall = stateOf(activation).plan?.nodes.get(completion.taskId)?.task.tool !== undefined
    return cleanInput(completion, { cleaner: cleanerOf(redactor, null), isCall })
  }
  const callId = completion.type === 'record_outcome' ? callIdOf(completion) : completion.callId
  const call = stateOf(activation).calls.get(callId)
  const cleaner =
    call === undefined
      ? cleanerOf(redactor, null)
      : callCleaner(redactor, activation.agent.tools.get(call.tool), call.input)
  if (completion.type === 'record_patch') return cleanPatch(completion, cleaner)
  if (completion.type === 'record_verdict')
    return { ...completion, judgement: cleanJudgement(completion.judgement, cleaner) }
  const { of } = completion
  if (of.type === 'call') return { ...completion, of: { ...of, report: cleanReport(of.report, cleaner) } }
  if (of.type !== 'verify') return completion
  const { found } = of
  if (found.type === 'took_effect')
    return { ...completion, of: { ...of, found: { ...found, report: cleanReport(found.report, cleaner) } } }
  if (found.type === 'unknown')
    return { ...completion, of: { ...of, found: { ...found, message: message(found.message, cleaner) } } }
  return completion
}

type CleaningInput = { readonly cleaner: Cleaner; readonly isCall: boolean }

/** What a call is given runs as it is or not at all; what a loop is told of its element is told without values. */
function cleanInput(given: CommandOf<'record_input'>, { cleaner, isCall }: CleaningInput): Completion {
  const { problem, input, items, ...of } = given
  const names = isCall ? cleaner.secretsIn([input ?? null, ...(items ?? [])]) : []
  if (names.length > 0) return { ...of, problem: holdsValues(names) }
  return {
    ...of,
    ...(problem !== undefined && { problem: message(problem, cleaner) }),
    ...(input !== undefined && { input: cleaner.json(input) }),
    ...(items !== undefined && { items: cleaner.json(items) }),
  }
}

function cleanPatch(given: CommandOf<'record_patch'>, cleaner: Cleaner): Completion {
  const { problem, patch } = given
  return {
    ...given,
    ...(problem !== undefined && { problem: message(problem, cleaner) }),
    ...(patch !== undefined && { patch: cleaner.json(patch) }),
  }
}

function cleanCheck(checked: CommandOf<'record_check'>, cleaner: Cleaner): Completion {
  const { problem, output } = checked
  const said = problem === null ? null : message(problem, cleaner)
  return { ...checked, problem: said, ...(output !== undefined && { output: cleaner.json(output) }) }
}

/** What was thrown, or complained of: cut where it was long. */
function message(given: string, { shortened }: Pick<Cleaner, 'shortened'>): string {
  return shortened(given, CUT_MESSAGE_CHARACTERS)
}

function callIdOf({ of }: Extract<Completion, { type: 'record_outcome' }>): string {
  return of.type === 'model' ? '' : of.callId
}

/** Takes secrets and the sensitive values of its input out of what is said of a call. */
export function callCleaner(redactor: Redactor, tool: AnyTool | undefined, input: Json): Cleaner {
  return cleanerOf(redactor, inputRedactor(tool, input))
}

/** Both redactors one after the other, over one allowance of growth: an event may not grow past what the store takes. */
function cleanerOf(redactor: Redactor, own: Redactor | null): Cleaner {
  const growth = freshGrowth()
  const both = (text: string) => {
    const redacted = redactor.text(text, growth)
    return own === null ? redacted : own.text(redacted, growth)
  }
  return {
    text: both,
    shortened: (text, characters) => {
      const redacted = redactor.shortened(text, characters, growth)
      if (own === null) return redacted
      // What was as long as that still counts as cut, however short it is by now.
      return own.shortened(redacted, text.length < characters - 1 ? characters : 0, growth)
    },
    json: (value) => {
      const redacted = redactor.json(value, growth)
      return own === null ? redacted : own.json(redacted, growth)
    },
    secretsIn: redactor.secretsIn,
  }
}

function cleanJudgement(judgement: Judgement, cleaner: Cleaner): Judgement {
  const { text, json } = cleaner
  switch (judgement.type) {
    case 'verdict':
      return { ...judgement, verdict: cleanVerdict(judgement.verdict, cleaner) }
    case 'question': {
      const { question } = judgement
      const field = question.field === undefined ? {} : { field: text(question.field) }
      return { ...judgement, question: { text: text(question.text), options: json([...question.options]), ...field } }
    }
    case 'invalid':
      return { ...judgement, message: message(judgement.message, cleaner) }
    case 'control':
      return judgement
  }
}

function cleanVerdict(verdict: Verdict, cleaner: Cleaner): Verdict {
  const { text } = cleaner
  if (verdict.type === 'allow') return verdict
  const { reason, message: told } = verdict
  const said = { reason: text(reason), ...(told !== undefined && { message: message(told, cleaner) }) }
  if (verdict.type === 'deny' || verdict.ask === undefined) return { ...verdict, ...said }
  return { ...verdict, ...said, ask: text(verdict.ask) }
}

type Answering = {
  readonly cleaner: Cleaner
  readonly tools: ReadonlyMap<string, AnyTool>
  readonly limits: Pick<RuntimeLimits, 'resultPreviewCharacters'>
}

function cleanModelReport(report: ModelReport, answering: Answering): ModelReport {
  const { cleaner } = answering
  if (report.type === 'failed') {
    const { error } = report
    const code = cleaner.shortened(error.code, MAX_CODE_CHARACTERS)
    return { ...report, error: { ...error, code, message: message(error.message, cleaner) } }
  }
  const { response } = report
  const { requestId, modelId } = response
  return {
    ...report,
    response: {
      ...response,
      parts: response.parts.flatMap((part) => cleanPart(part, answering)),
      ...(requestId !== undefined && { requestId: cleaner.shortened(requestId, NAME_CHARACTERS) }),
      ...(modelId !== undefined && { modelId: cleaner.shortened(modelId, NAME_CHARACTERS) }),
    },
  }
}

/** None: what cannot be altered holds a value. */
function cleanPart(part: AssistantPart, answering: Answering): readonly AssistantPart[] {
  const { cleaner, limits } = answering
  const { text, shortened, secretsIn } = cleaner
  const { providerData, ...bare } = part
  const isClean = providerData === undefined || secretsIn(providerData).length === 0
  const opaque = providerData !== undefined && isClean ? { providerData } : {}
  switch (bare.type) {
    case 'text':
      return [{ ...bare, text: text(bare.text), ...opaque }]
    case 'reasoning':
      if (providerData === undefined) return [{ ...bare, text: text(bare.text) }]
      return isClean && secretsIn(bare.text).length === 0 ? [{ ...bare, providerData }] : []
    case 'other':
      return isClean && secretsIn(bare.kind).length === 0 ? [{ ...bare, providerData: providerData ?? null }] : []
    case 'invalid_call': {
      const inputText = shortened(bare.inputText, limits.resultPreviewCharacters)
      return [{ ...bare, ...cleanNames(bare, answering), inputText, problem: text(bare.problem), ...opaque }]
    }
    case 'call':
      return [cleanCall({ ...bare, ...cleanNames(bare, answering), ...opaque }, cleaner)]
  }
}

type Names = { readonly providerCallId: string; readonly tool: string }

/** A tool of the agent keeps its name: that stands in the definition anyway, and what is called has to be found. */
function cleanNames({ providerCallId, tool }: Names, { cleaner, tools }: Answering): Names {
  const name = (given: string) => cleaner.shortened(given, NAME_CHARACTERS)
  return { providerCallId: name(providerCallId), tool: tools.has(tool) ? tool : name(tool) }
}

const SHOWN_CHARACTERS = 1_000

/** Whatever runs is what the model asked for: what may not be stored does not run, and the model is told how to write it. */
function cleanCall(part: Extract<AssistantPart, { type: 'call' }>, { json, secretsIn }: Cleaner): AssistantPart {
  const names = secretsIn(part.input)
  if (names.length === 0) return part
  const { input, ...call } = part
  return {
    ...call,
    type: 'invalid_call',
    inputText: previewOf(JSON.stringify(json(input)), SHOWN_CHARACTERS),
    problem: holdsValues(names),
  }
}

/** What a model or a person is told whose input holds the value of a secret. */
export function holdsValues(names: readonly string[]): string {
  const references = names.map((name) => `secret://${name}`).join(', ')
  return `it holds the value of a secret, which no input may; name the secret instead: ${references}`
}

/** What a judge says of an input before anything else of it is looked at; null: nothing. */
export function secretsRefusal(input: Json, redactor: Redactor): string | null {
  const names = redactor.secretsIn(input)
  return names.length === 0 ? null : holdsValues(names)
}
