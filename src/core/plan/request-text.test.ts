import { describe, expect, test } from 'vitest'
import { freshState } from '../fresh-state.ts'
import { markText } from '../mark-external.ts'
import type { State, TranscriptEntry } from '../state.ts'
import type { Trust } from '../vocabulary.ts'
import { requestText } from './request-text.ts'

function conversation(...entries: readonly TranscriptEntry[]): State {
  return { ...freshState('default', 's1'), transcript: [...entries] }
}

function user(text: string, trust: Trust = 'user'): TranscriptEntry {
  return { type: 'user', seq: 1, text, trust, origin: { type: 'user' }, characters: text.length }
}

function answer(text: string): TranscriptEntry {
  const parts = [{ type: 'text', text }] as const
  return { type: 'assistant', seq: 1, taskId: 'root', turn: 1, contextSeq: 0, parts, callIds: [], characters: 0 }
}

describe('what a planner is asked', () => {
  test('is the message, where nothing was said before', () => {
    expect(requestText(conversation(user('Move the shop.')))).toBe('Move the shop.')
    expect(requestText(conversation(user('Move it.', 'external')))).toBe(markText('Move it.'))
  })

  test('is the newest message, with what was asked and answered before it in order', () => {
    const state = conversation(
      user('Move the shop.'),
      answer('Moved.'),
      user('To Oslo.', 'external'),
      user('Now the bank.'),
    )
    const [newest, why, ...before] = requestText(state).split('\n\n')
    expect(newest).toBe('Now the bank.')
    expect(why).toContain('what has no answer yet belongs to the request')
    expect(before).toEqual(['user: Move the shop.', 'answer: Moved.', `user: ${markText('To Oslo.')}`])
  })

  test('has an answer that was said after the message came among what was before', () => {
    const text = requestText(conversation(user('one'), user('two'), answer('of one')))
    expect(text.split('\n\n').map((part) => part.slice(0, 11))).toEqual([
      'two',
      'Said before',
      'user: one',
      'answer: of ',
    ])
  })

  test('is bounded, however long the conversation', () => {
    const long = Array.from({ length: 500 }, (_, index) => user(`${index} ${'x'.repeat(50_000)}`))
    const text = requestText(conversation(...long, user('the last')))
    expect(text.length).toBeLessThan(9_500)
    expect(text.startsWith('the last\n\n')).toBe(true)
    expect(text).toContain('user: 499 x')
    expect(text).not.toContain('user: 489 x')
  })
})
