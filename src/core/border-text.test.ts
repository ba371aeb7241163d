import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isStorable, previewOf, storable, utf8Bytes } from './border-text.ts'

const anyText = fc.string({ unit: fc.constantFrom('a', '\0', 'é', '€', '😀', '\ud83d', '\ude00', '\ufffd') })

describe('texts at the border', () => {
  test('bytes are counted as an encoder writes them, lone surrogates as U+FFFD', () => {
    fc.assert(fc.property(anyText, (text) => utf8Bytes(text) === new TextEncoder().encode(text).length))
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => utf8Bytes(text) === Buffer.byteLength(text)))
  })

  test('a preview is the longest beginning that splits no pair', () => {
    expect(previewOf('a😀b', 2)).toBe('a')
    expect(previewOf('a😀b', 3)).toBe('a😀')
    expect(previewOf('abc', 0)).toBe('')
    expect(previewOf('abc', 1000)).toBe('abc')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(30), (text, characters) => {
        const preview = previewOf(text, characters)
        expect(text.startsWith(preview) && preview.isWellFormed()).toBe(true)
        expect(preview.length).toBeGreaterThanOrEqual(Math.min(characters, text.length) - 1)
        expect(preview.length).toBeLessThanOrEqual(characters)
      }),
    )
  })

  test('a preview of half a pair ends where it was cut before', () => {
    expect(previewOf('a\ud83d', 2)).toBe('a\ud83d')
    expect(previewOf('\ud83d\ud83d\ude00', 1)).toBe('\ud83d')
  })

  test('NUL and lone surrogates become U+FFFD, one for one, and nothing else changes', () => {
    expect(storable('a\0b\ud83dc😀')).toBe('a\ufffdb\ufffdc😀')
    fc.assert(
      fc.property(anyText, (text) => {
        expect(isStorable(storable(text))).toBe(true)
        expect(storable(text)).toHaveLength(text.length)
        if (isStorable(text)) expect(storable(text)).toBe(text)
      }),
    )
  })
})
