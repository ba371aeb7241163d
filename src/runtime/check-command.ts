/** The shape of a command, whoever sends it: what the types promise is checked, because a body of a request keeps no promises. */
import { admit, type Json, type JsonObject, type Limits, previewOf, trusts } from '../core/index.ts'
import type { SendableCommand } from './send.ts'

/** A command as it came: an id is made where none is given. */
export type CheckedCommand =
  | { readonly type: 'command'; readonly command: SendableCommand }
  | { readonly type: 'problem'; readonly problem: string }

type Check = (value: Json) => boolean
type Shape = { readonly needs: Readonly<Record<string, Check>>; readonly may: Readonly<Record<string, Check>> }

const MAX_COMMAND_ID_CHARACTERS = 256

const isText: Check = (value) => typeof value === 'string'
const isSaid: Check = (value) => typeof value === 'string' && value.trim() !== ''
const isCount: Check = (value) => typeof value === 'number'
const isAny: Check = () => true
const isId: Check = (value) => isSaid(value) && String(value).length <= MAX_COMMAND_ID_CHARACTERS
const oneOf =
  (words: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && words.includes(value)

/** `{ type, id? }`, as messages and sessions name who speaks. */
export const isOrigin: Check = (value) => {
  if (!isMembers(value)) return false
  const hasKnownType = oneOf(['user', 'operator', 'api', 'tool', 'runtime'])(value.type ?? null)
  return (
    hasKnownType && Object.keys(value).every((key) => key === 'type' || (key === 'id' && isText(value[key] ?? null)))
  )
}

const by = { by: isText }
const reason = { reason: isText }
const approval = { approvalId: isText, ...by }

/** One line for each command that people and programs may send: what it needs, and what it may have. */
const shapes: { readonly [type in SendableCommand['type']]: Shape } = {
  send_message: { needs: { text: isSaid, trust: oneOf(trusts), origin: isOrigin }, may: {} },
  cancel: { needs: by, may: reason },
  vote: { needs: { ...approval, vote: oneOf(['approve', 'reject']) }, may: { ...reason, hash: isText } },
  answer: { needs: { ...approval, answer: isSaid }, may: {} },
  edit: { needs: { ...approval, input: isAny }, may: {} },
  settle: {
    needs: { callId: isText, ...by, settlement: oneOf(['took_effect', 'did_not_take_effect', 'run_again']) },
    may: { ...reason, output: isAny },
  },
  extend_budget: { needs: by, may: { tokens: isCount, costMicroUsd: isCount, calls: isCount, events: isCount } },
}

const nouns: ReadonlyMap<Check, string> = new Map([
  [isText, 'text'],
  [isSaid, 'some text'],
  [isCount, 'a number'],
  [isOrigin, 'who says it, as { type, id? }'],
  [isId, `some text of at most ${MAX_COMMAND_ID_CHARACTERS} characters`],
])

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
  for (const [name, check] of Object.entries({ commandId: isId, ...needs, ...may })) {
    const value = command[name]
    if (value === undefined && !(name in needs)) continue
    if (value === undefined) return `expected ${name}, found none`
    if (!check(value)) return `expected ${name} to be ${nouns.get(check) ?? 'one of its words'}; found ${shown(value)}`
  }
  return null
}

function shown(value: Json | undefined): string {
  return previewOf(JSON.stringify(value) ?? 'nothing', 80)
}
