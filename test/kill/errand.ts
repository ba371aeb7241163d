/** What the sessions of the kill test do: a deterministic script over four tools, one of each kind. */
import type { Json } from 'pawl/core'
import type { ScriptedCall, ScriptedDecision } from 'pawl/models/scripted'
import { isJsonObject } from '../worlds/json.ts'
import { type Random, randomOf } from './random.ts'

/** What a tool really is, whatever an agent says of it. */
export const toolKinds = {
  read_page: 'read',
  tag_ticket: 'idempotent',
  open_case: 'unsafe_verified',
  wire_money: 'unsafe_blind',
} as const

export type ToolName = keyof typeof toolKinds

export const toolNames: readonly ToolName[] = ['read_page', 'tag_ticket', 'open_case', 'wire_money']

export function isToolName(name: string): name is ToolName {
  return Object.hasOwn(toolKinds, name)
}

export function isUnsafe(name: ToolName): boolean {
  return toolKinds[name] === 'unsafe_verified' || toolKinds[name] === 'unsafe_blind'
}

const MAX_FREE_AMOUNT = 600

/** Wires of more than 600 need a person. */
export function needsApproval(tool: string, input: Json): boolean {
  const amount = isJsonObject(input) ? input['n'] : undefined
  return tool === 'wire_money' && typeof amount === 'number' && amount > MAX_FREE_AMOUNT
}

/** The decision of a turn: the same for every attempt and in every process. */
export function decide(sessionId: string, turn: number): ScriptedDecision {
  const random = randomOf(sessionId, turn, 'decision')
  if (turn > 1 && random.chance(0.33)) return `Done after ${turn} turns.`
  const calls = Array.from({ length: random.between(1, 3) }, () => callOf(random))
  if (random.chance(0.08)) return { calls, error: { status: 503, attempts: 1 } }
  return { calls }
}

function callOf(random: Random): ScriptedCall {
  const tool = random.pick(toolNames)
  // A small number comes again in the same session: the same effect under a new call id.
  const n = random.chance(0.15) ? random.between(1, 2) : random.between(10, 999)
  return { tool, input: { n } }
}

/** How long the model thinks, in milliseconds. */
export function thinkingMs(sessionId: string, turn: number): number {
  return randomOf(sessionId, turn, 'thinking').between(0, 15)
}

/** What a tool does before its effect, and whether it stops when it is told to. */
export function preparation(tool: ToolName, { key, attempt }: { readonly key: string; readonly attempt: number }) {
  const random = randomOf(key, attempt, 'preparation')
  return { takesMs: random.between(0, 10), heedsSignal: tool !== 'wire_money' || random.chance(0.6) }
}
