/** docs/memory.md says what the code does. */
import { readFileSync } from 'node:fs'
import { defaultLimits, patchSchema } from 'pawl/core'
import { describe, expect, test } from 'vitest'
import { artifactTools } from '../src/runtime/artifact-tools.ts'
import { retrieve, summarize, window, workingFacts } from '../src/runtime/memory-options.ts'

const text = readFileSync(new URL('../docs/memory.md', import.meta.url), 'utf8')

/** What stands in backquotes in the first cells of the table under a heading row. */
function named(head: string): readonly string[] {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => line.startsWith(head))
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'))
  return lines.slice(start + 2, end).map((line) => /^\| `([\w_]+)/.exec(line)?.[1] ?? line)
}

describe('docs/memory.md', () => {
  test('names every field of a patch', () => {
    const { properties } = patchSchema({ maxFactCharacters: 1_000 }) as { properties: object }
    expect(named('| field of a patch |').toSorted()).toEqual(Object.keys(properties).sort())
  })

  test('names every tool that reads artifacts', () => {
    expect(named('| tool |')).toEqual(artifactTools(defaultLimits).map(({ name }) => name))
  })

  test('names every strategy', () => {
    expect(named('| strategy |')).toEqual([window, summarize, retrieve, workingFacts].map(({ name }) => name))
  })

  test('gives the defaults that there are', () => {
    const { maxInlineBytes, windowTurns, summarizeWhenTokens, maxFacts, pinAt, maxPromptTokens, maxToolsShown } =
      defaultLimits
    expect(text).toContain(`\`maxInlineBytes\` (${maxInlineBytes / 1_024} KiB)`)
    expect(text).toContain(`a window of ${windowTurns} turns`)
    expect(text).toContain(`over ${summarizeWhenTokens.toLocaleString('en-US')} tokens`)
    expect(text).toContain(`\`maxFacts\` (${maxFacts})`)
    expect(text).toContain(`\`pinAt\` (${pinAt})`)
    expect(text).toContain(`\`maxPromptTokens\` (${maxPromptTokens.toLocaleString('en-US')})`)
    expect(text).toContain(`\`maxToolsShown\` (${maxToolsShown})`)
  })
})
