/** What a model is shown in a world that has much to remember, against what the log says by then. */
import type { EventOf, Message, PawlEvent } from '../../core/index.ts'
import type { ModelRequest } from '../../ports/index.ts'
import { canonicalJson } from '../../runtime/index.ts'
import { type Complaint, complain } from './complaint.ts'
import { ROOT, type SessionRecord } from './record.ts'

export type Prompted = {
  readonly request: ModelRequest
  /** What the request may have seen. */
  readonly contextSeq: number
  /** Stands in results that the model is not to see. */
  readonly raw: string
  readonly processes: (tool: string) => boolean
}

/** Of a turn of a loop. */
export function checkPrompt(record: SessionRecord, prompted: Prompted): readonly Complaint[] {
  const { messages, taskId = ROOT } = prompted.request
  return [
    ...checkPairs(messages),
    ...checkSize(record, prompted.request),
    ...checkRaw(messages, prompted),
    ...checkFacts(record, messages, prompted.contextSeq),
    ...checkHistory(record, messages, { taskId, contextSeq: prompted.contextSeq }),
    ...(taskId === ROOT ? checkPlan(record, messages) : []),
  ]
}

/** Every call stands right before its result, and every result right after its call, in their order. */
export function checkPairs(messages: readonly Message[]): readonly Complaint[] {
  let open: string[] = []
  for (const message of messages) {
    if (message.role === 'tool') {
      const called = open.shift()
      const { tool, providerCallId } = message
      // Of calls with one id the later ones are told apart by what stands behind it.
      if (called === undefined || (providerCallId !== called && !providerCallId.startsWith(`${called}~`)))
        return parted(`a result of ${tool} (${providerCallId}) without its call`)
    } else if (open.length > 0) return parted(`a call without its result: ${open}`)
    else if (message.role === 'assistant')
      open = message.parts.flatMap((part) =>
        part.type === 'call' || part.type === 'invalid_call' ? [part.providerCallId] : [],
      )
  }
  return open.length === 0 ? [] : parted(`a call without its result: ${open}`)
}

function parted(detail: string): readonly Complaint[] {
  return [{ invariant: 'memory: a call stands with its result', detail }]
}

/** Tools that move plans and tasks, which no estimate of a prompt has in it. */
const controls: ReadonlySet<string> = new Set(['plan', 'update_plan', 'delegate', 'fail_task'])

/** Of what a provider is sent. */
function charactersOf({ instructions, messages, tools }: ModelRequest): number {
  const spoken = messages.reduce((sum, message) => sum + charactersIn(message), 0)
  const own = tools.filter(({ name }) => !controls.has(name))
  const offered = own.reduce((sum, { name, description, inputSchema }) => {
    return sum + name.length + description.length + JSON.stringify(inputSchema).length
  }, 0)
  return instructions.length + spoken + offered
}

function charactersIn(message: Message): number {
  if (message.role === 'tool') return JSON.stringify(message.result).length
  return message.role === 'assistant' ? JSON.stringify(message.parts).length : message.text.length
}

function checkSize({ started }: SessionRecord, request: ModelRequest): readonly Complaint[] {
  const most = started?.memory?.maxPromptTokens ?? Number.POSITIVE_INFINITY
  const tokens = Math.ceil(charactersOf(request) / 4)
  return complain('memory: no prompt over its limit', tokens > most, () => `${tokens} tokens of ${most}`)
}

function checkRaw(messages: readonly Message[], { raw, processes }: Prompted): readonly Complaint[] {
  const shown = messages.find(
    (message) => message.role === 'tool' && !message.isError && processes(message.tool) && holds(message.result, raw),
  )
  return complain('memory: a processed result is never shown raw', shown !== undefined, () => JSON.stringify(shown))
}

function holds(value: unknown, text: string): boolean {
  return JSON.stringify(value).includes(text)
}

const FACT_LINE = /^- (\S+) \([^)]*\): (.*)$/

/** Each fact that is shown is the newest of its key, and all are shown. */
function checkFacts({ memory }: SessionRecord, messages: readonly Message[], contextSeq: number): readonly Complaint[] {
  // What was noted meanwhile, for another task, may be missing.
  if (memory.factsSeq > contextSeq) return []
  const block = messages.findLast(({ role, ...rest }) => role === 'user' && 'text' in rest && isFacts(rest.text))
  const lines = block?.role === 'user' ? (block.text.split('\n\n')[0] ?? '').split('\n').slice(1) : []
  const shown = lines.map((line) => `${FACT_LINE.exec(line)?.[1]}: ${FACT_LINE.exec(line)?.[2]}`).sort()
  const known = [...memory.facts].map(([key, { value }]) => `${key}: ${JSON.stringify(value)}`).sort()
  return complain(
    'memory: the facts of a prompt are the newest',
    canonicalJson(shown) !== canonicalJson(known),
    () => `shown ${shown}; known ${known}`,
  )
}

function isFacts(text: string): boolean {
  return text.startsWith('[FACTS]')
}

type OfLoop = { readonly taskId: string; readonly contextSeq: number }

/** As many turns as have not left the prompt, by what the log says has, and the messages between them. */
function checkHistory(
  record: SessionRecord,
  messages: readonly Message[],
  { taskId, contextSeq }: OfLoop,
): readonly Complaint[] {
  // What a plan has come to stands as an answer, too.
  const isMixed =
    taskId === ROOT && record.log.some(({ event }) => event.type === 'plan_proposed' && event.mode === 'strict')
  if (isMixed) return []
  const after = record.memory.compactions.get(taskId)?.throughSeq ?? 0
  const begin = record.plan.active.get(taskId)
  const since = record.log.findLastIndex(({ event }) => event === begin)
  // A turn stands where its answer does, right before its decision.
  const stands = (event: PawlEvent, seq: number) => event.type === 'decision_recorded' && seq - 1 > after
  const turns = record.log
    .slice(Math.max(0, since), contextSeq)
    .filter(({ event, seq }) => 'taskId' in event && event.taskId === taskId && stands(event, seq)).length
  const shown = messages.filter(({ role }) => role === 'assistant').length
  return complain(
    'memory: what leaves a prompt stands in the log',
    shown !== turns,
    () => `${shown} turns of ${taskId} are shown, ${turns} stand after ${after}`,
  )
}

/** A flexible plan of which a step is left stands in every prompt of the loop that works on it. */
function checkPlan({ plan, log }: SessionRecord, messages: readonly Message[]): readonly Complaint[] {
  const route = log.findLast(({ event }) => event.type === 'route_chosen')?.event
  const steps = [...plan.nodes.values()]
  const isOver = steps.every(({ status }) => status === 'completed' || status === 'cancelled')
  if (route?.type !== 'route_chosen' || route.route !== 'plan' || plan.mode !== 'flexible' || isOver) return []
  if (plan.versionSeq < plan.messageSeq) return []
  const isShown = messages.some(
    (message) =>
      message.role === 'user' &&
      message.text.startsWith('[PLAN]') &&
      steps.every(({ task }) => message.text.includes(`] ${task.name}`)),
  )
  return complain('memory: the plan stands in every prompt', !isShown, () => `version ${plan.version}`)
}

/** What leaves the prompt for good was shown to whoever has summed it up. */
export function checkSummary(record: SessionRecord, event: EventOf<'history_compacted'>): readonly Complaint[] {
  const { taskId, throughSeq, strategy } = event
  const before = record.memory.compactions.get(taskId)?.throughSeq ?? 0
  const seen = record.memory.summarized.get(taskId) ?? ''
  const missed = record.said.find(
    ({ seq, text }) => taskId === ROOT && seq > before && seq <= throughSeq && !seen.includes(idIn(text)),
  )
  return [
    ...complain('memory: what has left a prompt stays out', throughSeq < before, () => `${throughSeq}, was ${before}`),
    ...complain(
      'memory: a summary has seen what leaves',
      strategy === 'summarize' && (missed !== undefined || throughSeq > (record.memory.askedSeq.get(taskId) ?? 0)),
      () => `through ${throughSeq}: ${missed?.text.slice(0, 60)}`,
    ),
  ]
}

/** The beginning of a message tells it from all others. */
function idIn(text: string): string {
  return text.slice(0, 40).trimEnd()
}
