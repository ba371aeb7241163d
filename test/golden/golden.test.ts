import { describe, expect, test } from 'vitest'
import { FORMAT, upcast } from '../../src/core/index.ts'
import { decodeEvent, encodeEvent, UnknownEventError } from '../../src/runtime/encode.ts'
import {
  goldenLogs,
  kindsWithoutAnEvent,
  parseLog,
  recordedSummary,
  summaryOf,
  whatAReleasedFormatMeans,
  whatWasChanged,
} from './golden-log.ts'

describe.each(goldenLogs)('the golden log of format $name', (golden) => {
  const { ref, text } = golden

  test('stands as it was recorded, line for line', () => {
    expect(whatWasChanged(golden)).toBe(null)
  })

  test('a changed line is found, and whoever changed it is told what a released format means', () => {
    const lines = text.trimEnd().split('\n')
    for (const [index, line] of lines.entries()) {
      const changed = lines.with(index, line.replace(/"at":(\d+)/, (_, at) => `"at":${Number(at) + 1}`)).join('\n')
      expect(whatWasChanged({ ...golden, text: changed })).toContain(`line ${index + 1} `)
    }
    const [, said = ''] = lines
    const edited = lines.with(1, said.replace('\\"text\\":\\"', '\\"text\\":\\"Please: '))
    expect(whatWasChanged({ ...golden, text: edited.join('\n') })).toBe(
      `line 2 of the golden log is not what was recorded (body). ${whatAReleasedFormatMeans}`,
    )
    const without = (index: number) => ({ ...golden, text: lines.toSpliced(index, 1).join('\n') })
    expect(whatWasChanged(without(lines.length - 1))).toContain(`line ${lines.length} of the golden log`)
    expect(whatWasChanged(without(5))).toContain('line 6 of the golden log')
  })

  test('adds up to the state that it added up to when it was recorded', () => {
    // Undefined and absent are the same in what was recorded.
    expect(JSON.parse(JSON.stringify(summaryOf(golden))), whatAReleasedFormatMeans).toEqual(recordedSummary(golden))
  })

  test('is written again as the same bytes', () => {
    for (const stored of parseLog(text)) {
      const { kind, format, body } = encodeEvent(decodeEvent(ref, stored).event)
      // What needs nothing newer is written in the older format.
      expect({ kind, format, body }).toEqual({ kind: stored.kind, format: stored.format, body: stored.body })
    }
  })
})

test('the golden logs have an event of every kind', () => {
  expect(kindsWithoutAnEvent()).toEqual([])
})

describe('what this code cannot read stops loudly', () => {
  const [{ ref, text } = { ref: { tenant: '', sessionId: '' }, text: '' }] = goldenLogs
  const [first] = parseLog(text)
  if (first === undefined) throw new Error('the golden log is empty')

  test.each([
    ['an unknown kind', { ...first, kind: 'plan_burnt' }],
    ['a newer format', { ...first, format: FORMAT + 1 }],
    ['a kind that only JavaScript knows', { ...first, kind: 'constructor' }],
  ])('%s', (_, stored) => {
    expect(() => decodeEvent(ref, stored)).toThrow(UnknownEventError)
    expect(() => decodeEvent(ref, stored)).toThrow(/expected events up to format 3; event 1 of session golden-1.*Run a version/)
    expect(upcast(stored.kind, stored.format, {}).type).toBe('unknown')
  })

  test('an erased body', () => {
    expect(() => decodeEvent(ref, { ...first, body: null, salt: null })).toThrow(/was erased/)
  })
})
