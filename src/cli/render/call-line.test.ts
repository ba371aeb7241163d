import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../core/index.ts'
import { createStyle } from '../style.ts'
import { callLine } from './call-line.ts'
import { widthOf } from './text.ts'

function lineOf({ tool = 'pay', input = {}, says = '', width = 80 }: Partial<Shown> = {}): string {
  const call = { tool, callId: 'c1', input }
  const shown = { call, verdict: 'allow', word: 'ok', latencyMs: 12, says }
  return callLine(shown, { width, tool: 10 }, createStyle(false))
}

type Shown = { readonly tool: string; readonly input: JsonObject; readonly says: string; readonly width: number }

const rows = { rows: Array.from({ length: 2_000 }, (_, row) => ({ row, text: 'as it was read' })) }

describe('the line of a call', () => {
  test('lets no name that a model made up speak to the terminal', () => {
    const line = lineOf({ tool: '\u001b[2J\u001b]0;title\u0007x\u202e\ny' })
    expect(line).toMatch(/^ {2}✓ x· y {8}allow/)
    expect(line).not.toMatch(/[\p{Cc}\u202e]/u)
  })
  test('says what came of it, however long the input is', () => {
    expect(lineOf({ input: rows, says: '2,000 rows' })).toMatch(/\{"rows":\[.*… → 2,000 rows$/)
    expect(widthOf(lineOf({ input: rows, says: JSON.stringify(rows) }))).toBe(80)
    expect(lineOf({ input: { id: 7 }, says: JSON.stringify(rows) })).toContain('{"id":7} → {"rows":[')
    expect(lineOf({ input: { id: 7 }, says: 'paid' })).toMatch(/ {2}\{"id":7\} → paid$/)
  })
  test('has an end in a pipe, too', () => {
    const line = lineOf({ input: rows, says: JSON.stringify(rows), width: Number.POSITIVE_INFINITY })
    expect(widthOf(line)).toBeLessThan(300)
    expect(line).toContain('→ {"rows":[')
  })
})
