/**
 * What actions came to, without secrets, before it is folded and stored. A call's input that runs and a signed reasoning block are
 * never altered: a call whose input holds a value becomes one that does not run, and such a block is left out.
 */
import {
  type AssistantPart,
  type Completion,
  type Json,
  type Judgement,
  type ModelReport,
  previewOf,
  type Verdict,
} from '../core/index.ts'
import { type Activation, stateOf } from './activation.ts'
import { freshGrowth, type Redactor } from './redact.ts'
import { cleanReport, inputRedactor } from './sensitive-tool.ts'

type Cleaner = Pick<Redactor, 'text' | 'json' | 'secretsIn'>

export function redactCompletion(activation: Activation, completion: Completion): Completion {
  const redactor = activation.driver.secrets.redactor(activation.ref.tenant)
  if (completion.type === 'record_outcome' && completion.of.type === 'model') {
    const report = cleanModelReport(completion.of.report, cleanerOf(redactor, null))
    return { ...completion, of: { ...completion.of, report } }
  }
  const callId = completion.type === 'record_verdict' ? completion.callId : callIdOf(completion)
  const call = stateOf(activation).calls.get(callId)
  const own = call === undefined ? null : inputRedactor(activation.agent.tools.get(call.tool), call.input)
  const cleaner = cleanerOf(redactor, own)
  if (completion.type === 'record_verdict')
    return { ...completion, judgement: cleanJudgement(completion.judgement, cleaner) }
  const { of } = completion
  if (of.type === 'call') return { ...completion, of: { ...of, report: cleanReport(of.report, cleaner) } }
  if (of.type !== 'verify') return completion
  const { found } = of
  if (found.type === 'took_effect')
    return { ...completion, of: { ...of, found: { ...found, report: cleanReport(found.report, cleaner) } } }
  if (found.type === 'unknown')
    return { ...completion, of: { ...of, found: { ...found, message: cleaner.text(found.message) } } }
  return completion
}

function callIdOf({ of }: Extract<Completion, { type: 'record_outcome' }>): string {
  return of.type === 'model' ? '' : of.callId
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
    json: (value) => {
      const redacted = redactor.json(value, growth)
      return own === null ? redacted : own.json(redacted, growth)
    },
    secretsIn: redactor.secretsIn,
  }
}

function cleanJudgement(judgement: Judgement, { text, json }: Cleaner): Judgement {
  switch (judgement.type) {
    case 'verdict':
      return { ...judgement, verdict: cleanVerdict(judgement.verdict, text) }
    case 'question': {
      const { question } = judgement
      const field = question.field === undefined ? {} : { field: text(question.field) }
      return { ...judgement, question: { text: text(question.text), options: json([...question.options]), ...field } }
    }
    case 'invalid':
      return { ...judgement, message: text(judgement.message) }
  }
}

function cleanVerdict(verdict: Verdict, text: (text: string) => string): Verdict {
  if (verdict.type === 'allow') return verdict
  const { reason, message } = verdict
  const said = { reason: text(reason), ...(message !== undefined && { message: text(message) }) }
  if (verdict.type === 'deny' || verdict.ask === undefined) return { ...verdict, ...said }
  return { ...verdict, ...said, ask: text(verdict.ask) }
}

function cleanModelReport(report: ModelReport, cleaner: Cleaner): ModelReport {
  const { text } = cleaner
  if (report.type === 'failed') {
    const { code, message } = report.error
    return { ...report, error: { ...report.error, code: text(code), message: text(message) } }
  }
  const { response } = report
  const { requestId, modelId } = response
  return {
    ...report,
    response: {
      ...response,
      parts: response.parts.flatMap((part) => cleanPart(part, cleaner)),
      ...(requestId !== undefined && { requestId: text(requestId) }),
      ...(modelId !== undefined && { modelId: text(modelId) }),
    },
  }
}

/** None: what cannot be altered holds a value. */
function cleanPart(part: AssistantPart, cleaner: Cleaner): readonly AssistantPart[] {
  const { text, secretsIn } = cleaner
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
    case 'invalid_call':
      return [
        { ...bare, ...cleanNames(bare, text), inputText: text(bare.inputText), problem: text(bare.problem), ...opaque },
      ]
    case 'call':
      return [cleanCall({ ...bare, ...cleanNames(bare, text), ...opaque }, cleaner)]
  }
}

type Names = { readonly providerCallId: string; readonly tool: string }

function cleanNames({ providerCallId, tool }: Names, text: (text: string) => string): Names {
  return { providerCallId: text(providerCallId), tool: text(tool) }
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
