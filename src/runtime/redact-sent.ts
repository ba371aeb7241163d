/** What people and programs send, without secrets: who pastes a key into a message is protected like a tool that prints one. */
import type { Json, JsonObject, Origin, StopReason } from '../core/index.ts'
import type { SessionRef, Store } from '../ports/index.ts'
import type { Agent } from './define.ts'
import { freshGrowth, type Redactor } from './redact.ts'
import { holdsValues } from './redact-completion.ts'
import type { Secrets } from './secrets.ts'
import type { SendableCommand } from './send.ts'
import { cleanEnding, cleanPresented } from './sensitive-tool.ts'
import type { Wiring } from './wiring.ts'

/** What is said and given is redacted. What a name or an input is made of is not changed: there a value is refused. */
export type Cleaned<Value> =
  | { readonly type: 'clean'; readonly value: Value }
  | { readonly type: 'refused'; readonly message: string }

export function redactCommand(command: SendableCommand, redactor: Redactor): Cleaned<SendableCommand> {
  const names = redactor.secretsIn(namesOf(command))
  if (names.length > 0) return { type: 'refused', message: `${command.type}: ${holdsValues(names)}` }
  const person = command.type === 'send_message' ? command.origin.id : command.by
  const unfit = unfitName(person, redactor)
  if (unfit !== null) return { type: 'refused', message: `${command.type}: ${unfit}` }
  return { type: 'clean', value: said(command, redactor) }
}

/** Two people whose names were redacted would be one: their votes would count once. */
function unfitName(name: string | undefined, redactor: Redactor): string | null {
  if (name === undefined || redactor.text(name) === name) return null
  const held = redactor.secretsIn(name)
  return held.length > 0 ? holdsValues(held) : 'who it is from has the form of a credential; give the name of a person'
}

/** What would be stored as it is: ids, and an input that would run. */
function namesOf(command: SendableCommand): Json {
  const { commandId } = command
  if (command.type === 'edit') return [commandId, command.approvalId, command.input]
  if (command.type === 'settle') return [commandId, command.callId]
  return 'approvalId' in command ? [commandId, command.approvalId] : [commandId]
}

function said(command: SendableCommand, redactor: Redactor): SendableCommand {
  const growth = freshGrowth()
  const text = (given: string) => redactor.text(given, growth)
  const json = <Value extends Json>(given: Value) => redactor.json(given, growth)
  const shortened = (given: string, characters: number) => redactor.shortened(given, characters, growth)
  if (command.type === 'send_message') {
    return { ...command, text: text(command.text) }
  }
  const reason = 'reason' in command && command.reason !== undefined ? { reason: text(command.reason) } : {}
  if (command.type === 'answer') return { ...command, answer: text(command.answer) }
  if (command.type !== 'settle') return { ...command, ...reason }
  const { output, presented, summary, ending } = command
  return {
    ...command,
    ...reason,
    ...(output !== undefined && { output: json(output) }),
    ...(presented !== undefined && { presented: cleanPresented(presented, { json, shortened }) }),
    ...(summary !== undefined && { summary: json(summary) }),
    ...(ending !== undefined && { ending: cleanEnding(ending, text) }),
  }
}

/** What a session begins with. */
export type Beginning = {
  readonly message: string
  readonly requester: Origin
  readonly closing: Readonly<Partial<Record<StopReason, string>>>
  readonly context: JsonObject
  /** Ids, and the agent's definition: stored as they are. */
  readonly names: readonly string[]
  readonly definition: string
  /** The plan that the caller has; inputs of it run. */
  readonly plan?: Json
}

export function redactBeginning(beginning: Beginning, redactor: Redactor): Cleaned<Beginning> {
  const { message, requester, closing, context, names, definition, plan = null } = beginning
  const unfit = unfitName(requester.id, redactor)
  if (unfit !== null) return { type: 'refused', message: `the requester: ${unfit}` }
  const held = {
    'the context': context,
    'a name': names,
    'the definition of the agent': [definition],
    'the plan': plan,
  }
  for (const [what, value] of Object.entries(held)) {
    const found = redactor.secretsIn(value)
    if (found.length > 0) return { type: 'refused', message: `${what}: ${holdsValues(found)}` }
  }
  const growth = freshGrowth()
  const text = (given: string) => redactor.text(given, growth)
  return {
    type: 'clean',
    value: {
      ...beginning,
      message: text(message),
      closing: redactor.json(closing, growth),
    },
  }
}

export type CleaningContext = {
  readonly store: Pick<Store, 'head'>
  readonly agents: ReadonlyMap<string, Agent>
  readonly secrets: Secrets
  readonly wiring: Pick<Wiring, 'redaction'>
}

/** The secrets of the session's agent are resolved first, so that their values are known. A cancel waits for no resolver. */
export async function cleanCommand(
  { store, agents, secrets, wiring }: CleaningContext,
  ref: SessionRef,
  command: SendableCommand,
): Promise<Cleaned<SendableCommand>> {
  const mayWait = command.type !== 'cancel' && [...agents.values()].some((agent) => !secrets.isReady(agent, ref.tenant))
  if (mayWait) {
    const agent = agents.get((await store.head(ref))?.agent ?? '')
    if (agent !== undefined) await secrets.prepare(agent, ref.tenant)
  }
  return wiring.redaction.command(command, secrets.redactor(ref.tenant))
}
