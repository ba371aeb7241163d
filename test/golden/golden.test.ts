import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { FORMAT, upcast } from '../../src/core/index.ts'
import { decodeEvent, encodeEvent, UnknownEventError } from '../../src/runtime/encode.ts'
import { kindsWithoutAnEvent, parseLog, ref, summaryOf, whatAReleasedFormatMeans, whatWasChanged } from './golden-log.ts'

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')
const log = read('format-1.ndjson')

describe('the golden log of format 1', () => {
  test('stands as it was recorded, line for line', () => {
    expect(whatWasChanged(log)).toBe(null)
  })

  test('a changed line is found, and whoever changed it is told what a released format means', () => {
    const lines = log.trimEnd().split('\n')
    for (const [index, line] of lines.entries()) {
      const changed = lines.with(index, line.replace(/"at":(\d+)/, (_, at) => `"at":${Number(at) + 1}`)).join('\n')
      expect(whatWasChanged(changed)).toContain(`line ${index + 1} `)
    }
    const edited = log.replace('I was charged twice', 'I was charged once')
    expect(whatWasChanged(edited)).toBe(
      `line 2 of the golden log is not what was recorded (body). ${whatAReleasedFormatMeans}`,
    )
    expect(whatWasChanged(lines.slice(0, -1).join('\n'))).toContain('line 60 of the golden log')
    expect(whatWasChanged(lines.toSpliced(5, 1).join('\n'))).toContain('line 6 of the golden log')
  })

  test('has an event of every kind', () => {
    expect(kindsWithoutAnEvent(log)).toEqual([])
  })

  test('adds up to the state that it added up to when it was recorded', () => {
    expect(summaryOf(log), whatAReleasedFormatMeans).toEqual(JSON.parse(read('format-1.state.json')))
  })

  test('is written again as the same bytes', () => {
    for (const stored of parseLog(log)) {
      const { kind, format, body } = encodeEvent(decodeEvent(ref, stored).event)
      // A log without plans is written for those who know none.
      expect({ kind, format, body }).toEqual({ kind: stored.kind, format: stored.format, body: stored.body })
    }
  })
})

describe('what this code cannot read stops loudly', () => {
  const [first] = parseLog(log)
  if (first === undefined) throw new Error('the golden log is empty')

  test.each([
    ['an unknown kind', { ...first, kind: 'plan_burnt' }],
    ['a newer format', { ...first, format: FORMAT + 1 }],
    ['a kind that only JavaScript knows', { ...first, kind: 'constructor' }],
  ])('%s', (_, stored) => {
    expect(() => decodeEvent(ref, stored)).toThrow(UnknownEventError)
    expect(() => decodeEvent(ref, stored)).toThrow(/expected events up to format 2; event 1 of session golden-1.*Run a version/)
    expect(upcast(stored.kind, stored.format, {}).type).toBe('unknown')
  })

  test('an erased body', () => {
    expect(() => decodeEvent(ref, { ...first, body: null, salt: null })).toThrow(/was erased/)
  })
})
