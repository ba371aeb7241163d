import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../json.ts'
import { anyContent, nested } from './any-content.fixture.ts'
import { PASSAGE_CHARACTERS, type Passage, passagesOf } from './passages.ts'
import { sliceOf } from './slice.ts'

function all(content: Json): readonly Passage[] {
  const { passages, isCut } = passagesOf(content, 100_000)
  expect(isCut).toBe(false)
  return passages
}

/** What `read_artifact` shows of the place of a passage. */
function read(content: Json, { text: _, ...place }: Passage, maxBytes = 600): string {
  const sliced = sliceOf(content, place, maxBytes)
  return sliced.type === 'slice' ? JSON.stringify(sliced.slice) : `problem: ${sliced.problem}`
}

describe('passages', () => {
  test('are short, have words, and stand where they say, whatever the content', () => {
    fc.assert(
      fc.property(anyContent, (content) => {
        for (const passage of all(content)) {
          expect(passage.text.trim()).not.toBe('')
          expect(passage.text.length).toBeLessThanOrEqual(PASSAGE_CHARACTERS * 2)
          expect(read(content, passage)).not.toContain('problem: ')
        }
      }),
      { numRuns: 50 },
    )
  })

  test('hold every word of every value, at a place that reads it', () => {
    const word = fc.nat(1_000_000).map((number) => `w${number}w`)
    const value = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.array(word, { maxLength: 300 }).map((words) => words.join(' ')),
        fc.array(tie('value'), { maxLength: 8 }),
        fc.dictionary(fc.constantFrom('a', 'b/c', 'd', 'e~'), tie('value')),
      ),
    })).value
    fc.assert(
      fc.property(value, (content) => {
        const passages = all(content)
        for (const wanted of new Set(JSON.stringify(content).match(/w\d+w/g) ?? [])) {
          const places = passages.filter(({ text }) => text.includes(wanted))
          expect(places.length).toBeGreaterThan(0)
          expect(places.some((place) => read(content, place, 40_000).includes(wanted))).toBe(true)
        }
      }),
      { numRuns: 50 },
    )
  })

  test('of a list are its rows with their pointers, of a map its members', () => {
    expect(all([{ id: 1, tags: ['x', 'y'] }, { id: 2 }])).toEqual([
      { text: 'id: 1; tags: x, y', pointer: '/0' },
      { text: 'id: 2', pointer: '/1' },
    ])
    const orders = Object.fromEntries(Array.from({ length: 40 }, (_, id) => [`W/${id}`, { item: `Lamp ${id}` }]))
    expect(all(orders).slice(1, 3)).toEqual([
      { text: 'W/1; item: Lamp 1', pointer: '/W~11' },
      { text: 'W/2; item: Lamp 2', pointer: '/W~12' },
    ])
  })

  test('of small values are several together, with the first of them', () => {
    const numbers = Array.from({ length: 400 }, (_, index) => index + 1_000)
    const passages = all(numbers)
    expect(passages.length).toBeGreaterThan(3)
    expect(passages[1]).toEqual({ text: numbers.slice(83, 166).join('; '), pointer: '', offset: 83 })
  })

  test('of a row that is too long repeat what the row is known by', () => {
    const passages = all([{ id: 'W77', name: 'Lamp', text: 'glow '.repeat(300) }])
    expect(passages[0]).toEqual({ text: 'id: W77; name: Lamp', pointer: '/0' })
    expect(passages).toHaveLength(4)
    for (const { text, pointer } of passages.slice(1)) {
      expect(text).toMatch(/^id: W77; name: Lamp; text; glow/)
      expect(pointer).toBe('/0/text')
    }
  })

  test('of a text are paragraphs and lines with their number, and pieces of a long line with their offset', () => {
    const paragraph = 'some words in a line\n'.repeat(10)
    const passages = all(`${paragraph}\n${paragraph}\n${paragraph}`)
    expect(passages.map(({ line }) => line)).toEqual([1, 23])
    expect(all(`${'word '.repeat(150)}\nend`)).toMatchObject([{ line: 1 }, { offset: 500 }])
  })

  test('are bounded in number, and it is said that there are more', () => {
    const { passages, isCut } = passagesOf(
      Array.from({ length: 50 }, (_, id) => ({ id })),
      20,
    )
    expect([passages.length, isCut]).toEqual([20, true])
    expect(
      passagesOf(
        Array.from({ length: 20 }, (_, id) => ({ id })),
        20,
      ).isCut,
    ).toBe(false)
    expect(passagesOf('line\n'.repeat(10_000), 3)).toMatchObject({ isCut: true })
    expect(passagesOf(nested(5_000), 20)).toEqual({ passages: [], isCut: true })
  })
})
