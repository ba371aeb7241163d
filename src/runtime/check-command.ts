/** The shape of a command, whoever sends it: what the types promise is checked, because a body of a request keeps no promises. */
import { admit, type Json, type JsonObject, type Limits, previewOf, trusts } from '../core/index.ts'
import type { SendableCommand } from './send.ts'

/** A command as it came: an id is made where none is given. */
export type CheckedCommand =
  | { readonly type: 'command'; readonly command: SendableCommand }
  | { readonly type: 'problem'; readonly problem: string }

/** Whether a value is one, and what one is called. */
type Check = { readonly is: (value: Json) => boolean; readonly noun: string }
type Shape = { readonly needs: Readonly<Record<string, Check>>; readonly may: Readonly<Record<string, Check>> }

const MAX_COMMAND_ID_CHARACTERS = 256

const text: Check = { is: (value) => typeof value === 'string', noun: 'text' }
const said: Check = { is: (value) => typeof value === 'string' && value.trim() !== '', noun: 'some text' }
const count: Check = { is: (value) => typeof value === 'number', noun: 'a number' }
const anything: Check = { is: () => true, noun: 'anything' }
const id: Check = {
  is: (value) => said.is(value) && String(value).length <= MAX_COMMAND_ID_CHARACTERS,
  noun: `some text of at most ${MAX_COMMAND_ID_CHARACTERS} characters`,
}

function oneOf(words: readonly string[]): Check {
  const quoted = words.map((word) => JSON.stringify(word))
  return {
    is: (value) => typeof value === 'string' && words.includes(value),
    noun: `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`,
  }
}

const speaker = oneOf(['user', 'operator', 'api', 'tool', 'runtime'])

/** `{ type, id? }`, as messages and sessions name who speaks. */
export const origin: Check = {
  is: (value) => {
    if (!isMembers(value) || !speaker.is(value.type ?? null)) return false
    return Object.keys(value).every((key) => key === 'type' || (key === 'id' && text.is(value[key] ?? null)))
  },
  noun: `who says it, as { type, id? }: a type of ${speaker.noun}, and an id that is text`,
}

const by = { by: text }
const reason = { reason: text }
const approval = { approvalId: text, ...by }

/** One line for each command that people and programs may send: what it needs, and what it may have. */
const shapes: { readonly [type in SendableCommand['type']]: Shape } = {
  send_message: { needs: { text: said, trust: oneOf(trusts), origin }, may: {} },
  cancel: { needs: by, may: reason },
  vote: { needs: { ...approval, vote: oneOf(['approve', 'reject']) }, may: { ...reason, hash: text } },
  answer: { needs: { ...approval, answer: said }, may: {} },
  edit: { needs: { ...approval, input: anything }, may: {} },
  settle: {
    needs: { callId: text, ...by, settlement: oneOf(['took_effect', 'did_not_take_effect', 'run_again']) },
    may: { ...reason, output: anything },
  },
  extend_budget: { needs: by, may: { tokens: count, costMicroUsd: count, calls: count, events: count } },
}

/** A copy with the members that the command has, and no others. Never throws. */
export function checkCommand(given: unknown, limits: Limits, newCommandId: () => string): CheckedCommand {
  const bounds = { maxDepth: limits.maxDepth + 1, maxBytes: limits.maxInputBytes }
  const admitted = admit(given, bounds, 'refuse')
  if (admitted.type === 'problem')
    return { type: 'problem', problem: `the command cannot be read: ${admitted.problem}` }
  const { value } = admitted
  if (!isMembers(value)) return { type: 'problem', problem: `expected a command, found ${shown(value)}` }
  const { type } = value
  const shape = typeof type === 'string' ? shapeOf(type) : undefined
  if (shape === undefined) {
    const known = Object.keys(shapes).join(', ')
    return { type: 'problem', problem: `expected a command of ${known}; found ${shown(type)}` }
  }
  const command = { commandId: value['commandId'] ?? newCommandId(), ...picked(value, shape) }
  const problem = problemOf(command, shape)
  if (problem !== null) return { type: 'problem', problem: `${type}: ${problem}` }
  // Every member was checked against the line of its type.
  return { type: 'command', command: { type, ...command } as SendableCommand }
}

function shapeOf(type: string): Shape | undefined {
  // Asked with `hasOwn`: "toString" is no command.
  return Object.hasOwn(shapes, type) ? shapes[type as SendableCommand['type']] : undefined
}

type Members = JsonObject & { readonly type?: Json }

function isMembers(value: Json): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function picked(value: Members, { needs, may }: Shape): Members {
  const names = [...Object.keys(needs), ...Object.keys(may)]
  return Object.fromEntries(names.flatMap((name) => (value[name] === undefined ? [] : [[name, value[name]]])))
}

function problemOf(command: Members, { needs, may }: Shape): string | null {
  for (const [name, check] of Object.entries({ commandId: id, ...needs, ...may })) {
    const value = command[name]
    if (value === undefined && !(name in needs)) continue
    if (value === undefined) return `expected ${name}, found none`
    if (!check.is(value)) return `expected ${name} to be ${check.noun}; found ${shown(value)}`
  }
  return null
}

/** What was found, as it stands in a refusal. */
export function shown(value: Json | undefined): string {
  return previewOf(JSON.stringify(value) ?? 'nothing', 80)
}
