/** What a planner can plan with: specialists, tools and limits, as it is shown them. */
import type { JsonObject } from '../json.ts'
import type { EffectClass } from '../vocabulary.ts'
import type { PlanMode } from './plan.ts'
import type { PlanLimits } from './plan-context.ts'
import { cutTo, jsonText, MESSAGE_CHARACTERS, moreThan, onOneLine, type Room, shareOf } from './plan-text.ts'

export type PlannerSpecialist = {
  readonly name: string
  /** A sentence on what it is for. */
  readonly domain: string
  /** Names of its tools. */
  readonly tools: readonly string[]
}

export type PlannerTool = {
  readonly name: string
  readonly effect: EffectClass
  readonly description: string
  /** Of its input. Without it no planner can write a call that is valid at once. */
  readonly inputSchema?: JsonObject
}

export type PlannerLimits = Pick<PlanLimits, 'maxTasks' | 'maxSteps' | 'maxDepth'> & {
  readonly maxParallelTasks: number
  readonly maxFanOut: number
}

export type PlannerMeans = {
  readonly mode: PlanMode
  readonly specialists: readonly PlannerSpecialist[]
  readonly tools: readonly PlannerTool[]
  readonly limits: PlannerLimits
}

/** Specialists, and tools, that a planner is shown. */
export const SHOWN_SPECIALISTS = 50
export const SHOWN_TOOLS = 100
/** Characters of all schemas of inputs together, and of one. */
export const SHOWN_SCHEMAS: Room = { total: 24_000, mostEach: 4_000, leastEach: 200 }

const effects: { readonly [E in EffectClass]: string } = {
  read: 'reads',
  idempotent: 'writes, may be repeated',
  unsafe: 'writes, never repeated',
}

export function toolsSection(tools: readonly PlannerTool[]): string {
  if (tools.length === 0) return '[TOOLS] none'
  const shown = tools.slice(0, SHOWN_TOOLS)
  const schemas = shown.map(({ inputSchema }) => (inputSchema === undefined ? '' : jsonText(inputSchema)))
  const share = shareOf(
    schemas.map(({ length }) => length),
    SHOWN_SCHEMAS,
  )
  return [
    '[TOOLS]',
    ...shown.flatMap(({ name, effect, description }, index) => [
      `- ${name} (${effects[effect]}): ${onOneLine(description, MESSAGE_CHARACTERS)}`,
      ...(schemas[index] ? [`  input: ${cutTo(schemas[index], share)}`] : []),
    ]),
    ...moreThan(shown.length, tools.length, 'tools'),
  ].join('\n')
}

export function specialistsSection(specialists: readonly PlannerSpecialist[]): string {
  if (specialists.length === 0) return '[SPECIALISTS] none: leave "specialist" out'
  const shown = specialists.slice(0, SHOWN_SPECIALISTS)
  return [
    '[SPECIALISTS]',
    ...shown.map(({ name, domain, tools }) => {
      const has = tools.length === 0 ? 'no tools' : onOneLine(tools.join(', '), MESSAGE_CHARACTERS)
      return `- ${name}: ${onOneLine(domain, MESSAGE_CHARACTERS)} (${has})`
    }),
    ...moreThan(shown.length, specialists.length, 'specialists'),
  ].join('\n')
}

export function limitsSection(
  { mode, limits }: Pick<PlannerMeans, 'mode' | 'limits'>,
  more: readonly string[],
): string {
  return [
    '[LIMITS]',
    `- at most ${mode === 'flexible' ? limits.maxSteps : limits.maxTasks} tasks`,
    `- parents at most ${limits.maxDepth} deep`,
    ...(mode === 'strict' ? [`- ${limits.maxParallelTasks} tasks run side by side`] : []),
    `- at most ${limits.maxFanOut} elements for a task with "forEach"`,
    ...more.map((line) => `- ${line}`),
  ].join('\n')
}
