/** docs/plans.md says what the code does. */
import { readFileSync } from 'node:fs'
import {
  controlSpec,
  controlTools,
  defaultLimits,
  defaultRecovery,
  failureClasses,
  planSchema,
  readPlan,
  recoveryActions,
} from 'pawl/core'
import { describe, expect, test } from 'vitest'
import { keptMark, planMarks } from '../src/cli/render/plan-words.ts'
import { planningFields } from '../src/runtime/planning-options.ts'
import { typedLines, unknownIn } from './cli/typed-line.ts'

const text = readFileSync(new URL('../docs/plans.md', import.meta.url), 'utf8')

const stands = (['completed', 'ready', 'failed', 'unreachable', 'skipped', 'cancelled'] as const).map(
  (status) => [status, status] as const,
)

/** The cells of the table under a heading row. */
function tableOf(head: string): readonly (readonly string[])[] {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => line.startsWith(head))
  const rows = lines.slice(
    start + 2,
    lines.findIndex((line, index) => index > start && !line.startsWith('|')),
  )
  return rows.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

describe('docs/plans.md', () => {
  test('has the default table of recovery, row by row', () => {
    const rows = tableOf('| class |').map(([name = '', action, times = '', from = '']) => {
      const backoffMs = from.startsWith('1 s') ? 1_000 : 0
      return [name.replaceAll('`', ''), { action, maxRetries: Number(times || 0), backoffMs }]
    })
    expect(Object.fromEntries(rows)).toEqual(defaultRecovery)
    expect(rows.map(([name]) => name).sort()).toEqual([...failureClasses].sort())
  })

  test('names every action of recovery', () => {
    const [, actions = ''] = /The actions are (.*?),? and no others/.exec(text) ?? []
    expect([...actions.matchAll(/`(\w+)`/g)].map(([, name]) => name)).toEqual([...recoveryActions])
  })

  test('names every field of a task', () => {
    const named = tableOf('| field of a task |').flatMap(([cell = '']) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    )
    const { properties } = planSchema as { properties: { tasks: { items: { properties: object } } } }
    expect(named.sort()).toEqual(Object.keys(properties.tasks.items.properties).sort())
  })

  test('shows a plan that can be read', () => {
    const [, json = ''] = /```json\n([\s\S]*?)```/.exec(text) ?? []
    expect(readPlan(JSON.parse(json))).toMatchObject({ type: 'read' })
  })

  test('shows the agent of its example', () => {
    const [, shown = ''] = /```ts\nconst desk = ([\s\S]*?)\n```/.exec(text) ?? []
    const file = readFileSync(new URL('../examples/release-desk/agent.ts', import.meta.url), 'utf8')
    expect(shown).toContain('planning: {')
    expect(file.replace(/^ {2}/gm, '')).toContain(shown)
  })

  test('names every option of planning, and every tool that plans bring', () => {
    const namesIn = (head: string) =>
      tableOf(head).flatMap(([cell = '']) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name))
    expect(namesIn('| option of `planning` |').sort()).toEqual(Object.keys(planningFields).sort())
    expect(namesIn('| tool | input |')).toEqual([...controlTools])
    for (const [tool = '', input = ''] of tableOf('| tool | input |')) {
      const { properties } = controlSpec(tool.replaceAll('`', '') as never, ['writer']).inputSchema
      const [, fields = ''] = /^`\{ (.*?) \}`/.exec(input) ?? []
      const named = fields
        .replace(/: \[.*\]/, '')
        .split(', ')
        .map((field) => field.replace('?', ''))
      expect([tool, named]).toEqual([tool, Object.keys(properties ?? {})])
    }
  })

  test('has commands that can be typed as they stand there', () => {
    const lines = typedLines(text)
    expect(lines.length).toBeGreaterThan(10)
    for (const line of lines) expect([line, unknownIn(line)]).toEqual([line, null])
    expect(unknownIn('plan show last --sideways')).toBe('--sideways')
    expect(unknownIn('plan draw last')).toBe('draw')
  })

  test('shows each mark of a task as the terminal does', () => {
    for (const [status, word] of [...stands, ['in_progress', 'under way'], ['pending', 'waiting']] as const)
      expect(text.replaceAll('\n', ' ')).toContain(`\`${planMarks[status].mark}\` ${word}`)
    expect(text).toContain(`\`${keptMark.mark}\` begun and kept`)
  })

  test('says the limits as they are', () => {
    expect(text).toContain(`at most \`maxFanOut\` (${defaultLimits.maxFanOut})`)
    expect(text).toContain(`\`maxParallelTasks\` (${defaultLimits.maxParallelTasks}) side by side`)
    expect(text).toContain(`\`replanThreshold\` (${defaultLimits.replanThreshold})`)
    expect(text).toContain(`\`maxReplans\` (${defaultLimits.maxReplans}) times`)
  })
})
