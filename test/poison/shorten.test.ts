import { expect, test } from 'vitest'
import { shortened } from './shorten.ts'

test('what is written down of a complaint names no place on a machine', () => {
  const { stack = '' } = new TypeError('expected a finish')
  expect(stack).toContain('shorten.test.ts')
  expect(shortened(`session 1: ${stack}`)).toBe('session 1: TypeError: expected a finish')
  expect(shortened(`cannot load ${import.meta.url} twice`)).toBe('cannot load … twice')
})

test('what is written down of a complaint is one line of at most 120 characters, none of them cut in two', () => {
  const written = shortened(`a\n b ${'😀'.repeat(200)}`)
  expect(written.startsWith('a b 😀')).toBe(true)
  expect(written.length).toBeLessThanOrEqual(120)
  expect(written.isWellFormed()).toBe(true)
})
