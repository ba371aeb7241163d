import { describe, expect, test } from 'vitest'
import { createFlow } from './flow.ts'
import { cut, oneLine, plain, widthOf, wrap } from './text.ts'

describe('text from outside', () => {
  test('cannot speak to the terminal', () => {
    expect(plain('\u001b[2Jgone\u001b]0;title\u0007 \u0000bell\u0007')).toBe('gone ·bell·')
    expect(plain('left\u202eright')).toBe('left·right')
    expect(plain('two\r\nlines\tand a tab')).toBe('two\nlines\tand a tab')
    expect(oneLine(' a\n\n b\t')).toBe('a b')
  })
  test('is measured in cells: wide characters and emoji take two, joined ones count once', () => {
    expect(widthOf('abc')).toBe(3)
    expect(widthOf('日本')).toBe(4)
    expect(widthOf('👩‍🚀!')).toBe(3)
    expect(widthOf('e\u0301')).toBe(1)
    expect(widthOf('\u001b[31mred\u001b[39m')).toBe(3)
  })
  test('is cut to a width with an ellipsis, and never inside a character', () => {
    expect(cut('abcdef', 6)).toBe('abcdef')
    expect(cut('abcdefg', 6)).toBe('abcde…')
    expect(cut('日本語', 4)).toBe('日…')
  })
  test('is wrapped at spaces', () => {
    expect(wrap('the quick brown fox', 10)).toEqual(['the quick', 'brown fox'])
    expect(wrap('averyverylongword x', 5)).toEqual(['averyverylongword', 'x'])
  })
})

describe('text that arrives in pieces', () => {
  const flowing = (pieces: readonly string[], width = 14) => {
    const flow = createFlow({ width, indent: 2 })
    return pieces.map((piece) => flow.push(piece)).join('') + flow.end()
  }
  test('is wrapped and indented like the whole, wherever it is split', () => {
    const text = 'the quick brown fox\n\njumps over'
    const whole = '  the quick\n  brown fox\n\n  jumps over'
    expect(flowing([text])).toBe(whole)
    expect(flowing([...text])).toBe(whole)
    expect(flowing(['the qui', 'ck brown', ' fox\n', '\njumps o', 'ver'])).toBe(whole)
  })
})
