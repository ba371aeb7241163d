/** docs/plans.md says what the code does. */
import { readFileSync } from 'node:fs'
import { defaultLimits, defaultRecovery, failureClasses, planSchema, readPlan, recoveryActions } from 'pawl/core'
import { describe, expect, test } from 'vitest'

const text = readFileSync(new URL('../docs/plans.md', import.meta.url), 'utf8')

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

  test('says the limits as they are', () => {
    expect(text).toContain(`at most \`maxFanOut\` (${defaultLimits.maxFanOut})`)
    expect(text).toContain(`\`maxParallelTasks\` (${defaultLimits.maxParallelTasks}) side by side`)
    expect(text).toContain(`\`replanThreshold\` (${defaultLimits.replanThreshold})`)
    expect(text).toContain(`\`maxReplans\` (${defaultLimits.maxReplans}) times`)
  })
})
