import { describe, expect, test } from 'vitest'
import type { PawlEvent } from '../core/index.ts'
import { createLogMask } from './mask-log.ts'
import { type FieldRules, told } from './mask-rule.ts'
import { createRedactor } from './redact.ts'

const mask = () => createLogMask(() => [], createRedactor({ finder: null }))

describe('what is shown of the fields of an event', () => {
  test('is said for each of them: one that is forgotten does not compile', () => {
    const complete = { questionId: 'shown', text: told, source: 'shown', trust: 'shown' } as const
    const rules: FieldRules<'question_opened'> = { question_opened: complete }
    const { text: _, ...forgetful } = complete
    // @ts-expect-error: nobody has said what is shown of `text`.
    const without: FieldRules<'question_opened'> = { question_opened: forgetful }
    // @ts-expect-error: an optional field needs a line as well.
    const optional: FieldRules<'facts_compressed'> = { facts_compressed: { taskId: 'shown', removed: told } }
    // @ts-expect-error: a kind without a line.
    const kind: FieldRules<'call_lost' | 'question_opened'> = rules
    expect([without, optional, kind].length).toBe(3)
  })

  test('is nothing of one that this code does not know', () => {
    // As newer code of the same format might write it.
    const event = { type: 'call_lost', callId: 'c1', attempt: 1, said: 'four-nine-two' } as PawlEvent
    expect(mask().event({ event }).event).toEqual({
      type: 'call_lost',
      callId: 'c1',
      attempt: 1,
      said: '[redacted:sensitive]',
    })
  })

  test('is the event itself where nothing of it is hidden', () => {
    const event: PawlEvent = { type: 'call_lost', callId: 'c1', attempt: 1 }
    expect(mask().event({ event }).event).toBe(event)
  })
})
