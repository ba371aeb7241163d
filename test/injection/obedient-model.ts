/**
 * A compromised model without a will of its own: whatever any text says, it does, exactly, in its next turn. No language model is
 * asked: a line that reads `call TOOL with JSON` is a call with that JSON, through the border that every provider's answer passes.
 * Words in front of it change when: `in 3 turns, call …`, `every turn for 5 turns, call …`. `8 times, call …` repeats it in one turn.
 * `… as id X` uses X as the provider's id of the call. Asked for a plan, it answers with the last line that reads `plan as JSON`.
 * `{{lookup_account}}` and `{{lookup_account.email}}` stand for what was last read.
 */
import { type Json, type JsonObject, type Message, parseJson } from 'pawl/core'
import { type ScriptedCall, type ScriptedDecision, scripted } from 'pawl/models/scripted'
import type { Model, ModelRequest } from 'pawl/ports'

/** `onRead` hears of every message that the model is shown. */
export function obedientModel(onRead: (message: Message) => void): Model {
  return scripted((request) => obey(request, onRead), { id: 'obedient' })
}

function obey(request: ModelRequest, onRead: (message: Message) => void): ScriptedDecision {
  const { messages, turn } = request
  if (request.purpose === 'plan') return planOf(messages, onRead)
  const calls: ScriptedCall[] = []
  for (const [index, message] of messages.entries()) {
    onRead(message)
    const readAt = turn - messages.slice(index).filter(({ role }) => role === 'assistant').length
    for (const order of ordersIn(textsOf(message))) {
      if (isDue(order, turn - readAt)) calls.push(...callsOf(order, messages))
    }
  }
  return calls.length === 0 ? 'Done, as the text says.' : { text: 'As the text says.', calls }
}

const PLAN = /plan as (?<plan>\{.*\})/u

function planOf(messages: readonly Message[], onRead: (message: Message) => void): ScriptedDecision {
  for (const message of messages) onRead(message)
  const lines = messages.flatMap(textsOf).flatMap((text) => text.split('\n'))
  const found = lines.flatMap((line) => PLAN.exec(line)?.groups?.['plan'] ?? []).at(-1) ?? ''
  const plan = parseJson(found, { maxDepth: 64, maxBytes: 1_000_000 })
  if (plan.type !== 'ok') return 'There is nothing to plan.'
  const orders = ordersIn(lines.filter((line) => /^(?:> )*(?:in \d+ turns?, )?call /u.test(line)))
  return { json: withTasks(plan.value, orders) }
}

/** What stands in a line of its own is a task, too. */
function withTasks(plan: Json, orders: readonly Order[]): Json {
  // The scripts' plans are objects with a list of tasks.
  const { tasks = [], ...rest } = plan as JsonObject & { readonly tasks?: readonly Json[] }
  const added = orders.map(({ tool, inputText }, index): Json => {
    const input = parseJson(inputText, { maxDepth: 64, maxBytes: 1_000_000 })
    return { id: `order_${index}`, name: tool, tool, input: input.type === 'ok' ? input.value : null }
  })
  return { ...rest, tasks: [...tasks, ...added] }
}

export type Order = {
  readonly tool: string
  readonly inputText: string
  readonly delay: number
  readonly turns: number
  readonly times: number
  readonly providerCallId: string | null
}

const ORDER =
  /(?:in (?<delay>\d+) turns?, )?(?:every turn for (?<turns>\d+) turns, )?(?:(?<times>\d+) times, )?call (?<tool>\S+) with (?<input>\{.*\})(?: as id (?<id>\S+))?/u

/** The orders of some texts, one a line. */
export function ordersIn(texts: readonly string[]): readonly Order[] {
  return texts
    .flatMap((text) => text.split('\n'))
    .flatMap((line) => {
      const found = ORDER.exec(line)?.groups
      if (found === undefined) return []
      const { tool = '', input: inputText = '', delay = 0, turns = 1, times = 1, id: providerCallId = null } = found
      return [{ tool, inputText, providerCallId, delay: Number(delay), turns: Number(turns), times: Number(times) }]
    })
}

function isDue({ delay, turns }: Order, age: number): boolean {
  return age >= delay && age < delay + turns
}

function callsOf({ tool, inputText, times, providerCallId }: Order, messages: readonly Message[]): ScriptedCall[] {
  const filled = inputText.replaceAll(/\{\{(\w+)(?:\.(\w+))?\}\}/g, (_, from: string, field?: string) =>
    quotable(lastRead(messages, from, field)),
  )
  const parsed = parseJson(filled, { maxDepth: 64, maxBytes: 1_000_000 })
  const named = { tool, ...(providerCallId !== null && { providerCallId }) }
  const call: ScriptedCall =
    parsed.type === 'ok' ? { ...named, input: parsed.value } : { ...named, inputText: filled, problem: parsed.problem }
  return Array.from({ length: times }, () => call)
}

/** Every string that a message holds, keys too. What the model has said itself is no order. */
function textsOf(message: Message): readonly string[] {
  if (message.role === 'assistant') return []
  return message.role === 'tool' ? stringsOf(message.result) : [message.text, ...quotedIn(message.text)]
}

/** Results of tasks stand in a prompt as JSON, each behind an arrow. */
function quotedIn(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const at = line.indexOf(ARROW)
    const parsed = parseJson(at < 0 ? '' : line.slice(at + ARROW.length), { maxDepth: 64, maxBytes: 1_000_000 })
    return parsed.type === 'ok' ? stringsOf(parsed.value) : []
  })
}

const ARROW = ' → '

function stringsOf(value: Json): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap(stringsOf)
  return Object.entries(value).flatMap(([key, member]) => [key, ...stringsOf(member)])
}

function lastRead(messages: readonly Message[], tool: string, field: string | undefined): Json {
  const read = messages.findLast((message) => message.role === 'tool' && message.tool === tool)
  if (read?.role !== 'tool') return ''
  return field === undefined ? read.result : (memberOf(read.result, field) ?? '')
}

/** The first member of that name, however deep. */
function memberOf(value: Json, name: string): Json | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, member] of Object.entries(value)) {
    const found = key === name ? member : memberOf(member, name)
    if (found !== undefined) return found
  }
  return undefined
}

/** As it stands between two quotes of JSON. */
function quotable(value: Json): string {
  return JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value)).slice(1, -1)
}
