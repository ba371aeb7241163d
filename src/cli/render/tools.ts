/** `pawl tools`: what an agent can do, and who governs it. */
import type { EffectClass, Sensitivity, Trust } from '../../core/index.ts'
import type { Agent, Limits } from '../../index.ts'
import { marks, type Style, type Tone, toned } from '../style.ts'
import { table } from './table.ts'
import { wrap } from './text.ts'
import { duration } from './units.ts'

export type ToolRow = {
  readonly tool: string
  readonly effect: EffectClass
  readonly sensitivity: Sensitivity
  readonly trust: Trust
  readonly egress: boolean
  readonly timeoutMs: number
  readonly retries: number
  readonly verifies: boolean
  /** Where it runs: in the runtime, or beside it. */
  readonly isolation: 'none' | 'worker' | 'process'
  /** The names of the secrets that it may ask for. */
  readonly secrets: readonly string[]
  readonly policies: readonly string[]
}

export function toolRows({ tools, policies }: Agent, { toolTimeoutMs }: Limits): readonly ToolRow[] {
  return [...tools.values()].map((tool) => ({
    tool: tool.name,
    effect: tool.effect,
    sensitivity: tool.sensitivity ?? 'internal',
    trust: tool.trust ?? 'tool',
    egress: tool.egress ?? false,
    timeoutMs: tool.timeoutMs ?? toolTimeoutMs,
    retries: tool.retries ?? 0,
    verifies: tool.verify !== undefined || (tool.effect === 'unsafe' && tool.isolation !== undefined),
    isolation: tool.isolation ?? 'none',
    secrets: tool.secrets ?? [],
    policies: policies
      .filter((policy) => policy.tools === '*' || policy.tools.includes(tool.name))
      .map(({ name }) => name),
  }))
}

export type ToolsLook = { readonly style: Style; readonly width: number; readonly textWidth: number }

const tones: { readonly [E in EffectClass]: Tone } = {
  read: 'quiet',
  idempotent: 'plain',
  unsafe: 'attention',
}

export function renderTools(
  rows: readonly ToolRow[],
  warnings: readonly string[],
  { style, width, textWidth }: ToolsLook,
): readonly string[] {
  if (rows.length === 0) return [style.dim('It has no tools.')]
  const columns = [
    { title: 'tool', paint: style.bold },
    {
      title: 'effect',
      paint: (text: string, row: number) => toned(style, tones[rows[row]?.effect ?? 'read'], text),
    },
    { title: 'sensitivity' },
    {
      title: 'trust',
      paint: (text: string, row: number) => toned(style, rows[row]?.trust === 'external' ? 'attention' : 'plain', text),
    },
    { title: 'timeout', align: 'right', paint: style.dim },
    { title: 'retries', align: 'right', paint: style.dim },
    { title: 'verifies', paint: style.dim },
    { title: 'apart', paint: style.dim },
    { title: 'secrets' },
    { title: 'policies' },
  ] as const
  const cells = rows.map((row) => [
    row.tool,
    row.egress ? `${row.effect}, egress` : row.effect,
    row.sensitivity,
    row.trust,
    duration(row.timeoutMs),
    String(row.retries),
    row.effect === 'unsafe' ? (row.verifies ? 'yes' : 'no') : '',
    row.isolation === 'none' ? '' : row.isolation,
    row.secrets.join(', '),
    row.policies.join(', ') || 'none',
  ])
  const said = warnings.flatMap((warning) =>
    wrap(warning, textWidth - 2).map((line, index) => `${index === 0 ? style.yellow(marks.warn) : ' '} ${line}`),
  )
  return [...table(columns, cells, { width, title: style.dim }), ...(said.length === 0 ? [] : ['', ...said])]
}
