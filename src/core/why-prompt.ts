/** What stood in the prompt of the last decision besides its turns: facts, a summary, what was looked up; and which outputs did not. */
import { artifactId } from './artifact/artifact.ts'
import type { JsonObject } from './json.ts'
import type { Fact, FactSource } from './memory/fact.ts'
import { byPlace } from './memory/fact-order.ts'
import { historySince } from './memory/history.ts'
import { isAnswerOfPlan } from './plan/is-answer-of-plan.ts'
import { jsonText } from './plan/plan-text.ts'
import { fold } from './reduce.ts'
import { type CallState, entriesOf, ROOT_TASK, type State, type TaskState, type TranscriptEntry } from './state.ts'
import { nameOf, plural, row, type WhyContext, type WhyRow } from './why-row.ts'

/** Told one by one; the rest is counted. */
const MAX_TOLD = 20

type Decision = Extract<TranscriptEntry, { type: 'assistant' }>

/** Empty where nothing of that stood there, and nothing was left out. */
export function promptRows(context: WhyContext): readonly WhyRow[] {
  const decision = lastDecision(context.state)
  if (decision === null) return []
  const { tenant, sessionId } = context.state
  // As it was when the model was asked: what was noted since is no reason for what it decided.
  const then = fold(
    tenant,
    sessionId,
    context.log.filter(({ seq }) => seq <= decision.contextSeq),
  )
  const task = then.tasks.get(decision.taskId)
  if (task === undefined) return []
  const of = { then, task, whose: whoseOf(decision), session: context.session }
  return [...factRows(of), ...leftRows(of), ...recalledRows(of), ...outputRows(of)]
}

function lastDecision(state: State): Decision | null {
  const newest = [...state.tasks.values()].flatMap((task) => {
    const last = entriesOf(state, task).findLast((entry) => entry.type === 'assistant')
    return last?.type === 'assistant' && !isAnswerOfPlan(last) ? [last] : []
  })
  return newest.reduce<Decision | null>((last, each) => (last === null || each.seq > last.seq ? each : last), null)
}

function whoseOf({ taskId, turn }: Decision): string {
  return taskId === ROOT_TASK ? `turn ${turn}` : `turn ${turn} of ${taskId}`
}

type Of = { readonly then: State; readonly task: TaskState; readonly whose: string; readonly session: string }

/** In the order of the prompt, each with where it comes from. */
function factRows({ then, whose, session }: Of): readonly WhyRow[] {
  const facts = [...then.facts.values()].toSorted(byPlace)
  if (facts.length === 0) return []
  const told = facts.slice(0, MAX_TOLD).map((fact) => [`${fact.key} (${placeOf(fact)})`, saysOf(then, fact)] as const)
  const more = facts.length - told.length
  const fields = { ...Object.fromEntries(told), ...(more > 0 && { 'and more': plural(more, 'fact') }) }
  const says = `In the prompt of ${whose} stood ${plural(facts.length, 'fact')}.`
  return [row('memory', says, { fields, commands: more > 0 ? [`pawl show ${session}`] : [] })]
}

function placeOf({ source, seq }: Fact): string {
  return source.callId ?? `event ${seq}`
}

/** `"A-7": decision, from check_card, external, event 24`. */
function saysOf(state: State, { value, kind, source, confidence, trust, artifact, seq }: Fact): string {
  const from = [
    ...(kind === 'fact' ? [] : [kind]),
    sourceOf(state, source),
    ...(confidence < 1 ? [`confidence ${confidence}`] : []),
    ...(trust === 'external' ? ['external'] : []),
    ...(artifact === undefined ? [] : [`artifact ${artifactId({ hash: artifact })}`]),
    `event ${seq}`,
  ]
  return `${jsonText(value)}: ${from.join(', ')}`
}

function sourceOf({ calls }: State, { kind, callId }: FactSource): string {
  if (kind === 'compression') return 'summed up from older facts'
  const tool = calls.get(callId ?? '')?.tool
  if (kind === 'person') return tool === undefined ? 'from a person' : `from a person, asked by ${tool}`
  return tool === undefined ? 'from a tool' : `from ${tool}`
}

/** What had left the prompt, and what stood in its place. */
function leftRows({ task: { compaction }, whose }: Of): readonly WhyRow[] {
  if (compaction === null) return []
  const { throughSeq, summary, trust, cutCharacters, seq } = compaction
  const fields: JsonObject = {
    ...(summary !== null && { summary: `${summary}${trust === 'external' ? '\n(external)' : ''}` }),
    ...(cutCharacters !== null && { cut: `texts and results of over ${cutCharacters} characters, up to event ${seq}` }),
  }
  const instead = summary === null ? 'nothing stood in their place' : 'a summary stood in their place'
  const says =
    throughSeq === 0
      ? `The prompt of ${whose} was too long, and was cut.`
      : `In the prompt of ${whose} its turns up to event ${throughSeq} stood no more; ${instead}.`
  return [row('memory', says, { fields })]
}

function recalledRows({ task: { recalled, compaction }, whose }: Of): readonly WhyRow[] {
  if (recalled === null || recalled.passages.length === 0 || recalled.throughSeq !== compaction?.throughSeq) return []
  const { passages, messageSeq } = recalled
  const texts = passages.map(({ seq, text, trust }, index): readonly [string, string] => [
    `${index + 1} (event ${seq})`,
    trust === 'external' ? `${text} (external)` : text,
  ])
  const says = `For the message of event ${messageSeq}, ${plural(passages.length, 'passage')} of what had left the prompt stood in that of ${whose}.`
  return [row('memory', says, { fields: Object.fromEntries(texts) })]
}

/** Results of its turns of which the model was shown something else. */
function outputRows({ then, task, whose, session }: Of): readonly WhyRow[] {
  const calls = historySince(then, task)
    .flatMap((entry) => (entry.type === 'assistant' ? entry.callIds : []))
    .flatMap((callId) => then.calls.get(callId) ?? [])
    .filter((call) => call.outcome?.type === 'ok' && shownOf(call) !== null)
  if (calls.length === 0) return []
  const told = calls.slice(-MAX_TOLD)
  const more = calls.length - told.length
  const fields: JsonObject = {
    ...(more > 0 && { 'and before': plural(more, 'output') }),
    ...Object.fromEntries(told.map((call) => [nameOf(call), shownOf(call) ?? ''])),
  }
  const newest = told.findLast(({ artifact }) => artifact !== null)?.artifact
  const commands = newest === undefined || newest === null ? [] : [`pawl artifact ${session} ${artifactId(newest)}`]
  const says = `In the prompt of ${whose}, ${plural(calls.length, 'output')} of tools ${calls.length === 1 ? 'was' : 'were'} not shown as a whole.`
  return [row('memory', says, { fields, commands })]
}

/** Null: the output, as it is, or what the tool presents of a short one. */
function shownOf({ processed, artifact, presented, terms }: CallState): string | null {
  const size = (bytes: number) => `${bytes.toLocaleString('en-US')} bytes`
  const whole = artifact === null ? [] : [`the whole is artifact ${artifactId(artifact)}, ${size(artifact.bytes)}`]
  if (processed !== null && terms !== null) {
    const { noted, problem } = processed
    const made = noted.length === 0 ? 'noted nothing' : `noted ${noted.join(', ')}`
    const came =
      problem === null ? `its processor has read it and ${made}` : `its processor came to nothing: ${problem}`
    return [came, ...whole].join('; ')
  }
  if (artifact === null) return null
  return [presented === undefined ? 'a preview of it' : 'what the tool presents of it', ...whole].join('; ')
}
