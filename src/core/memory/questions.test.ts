import { describe, expect, test } from 'vitest'
import { given } from '../../testing/given.ts'
import type { PawlEvent } from '../event.ts'
import { message, started } from '../log.fixture.ts'
import { patchEvents } from './apply-patch.ts'
import { factLimits } from './memory.fixture.ts'

const source = { kind: 'tool' } as const
const opens = (number: number): PawlEvent => ({
  type: 'question_opened',
  questionId: `q${number}`,
  text: `Question ${number}?`,
  source,
  trust: 'tool',
})
const answers = (number: number): PawlEvent => ({
  type: 'question_answered',
  questionId: `q${number}`,
  answer: 'Yes.',
  source,
  trust: 'tool',
})
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
const stateAfter = (events: readonly PawlEvent[]) => given([started(), message('refund me'), ...events]).state

describe('of the questions of a session', () => {
  // The first is never answered.
  const { questions } = stateAfter(
    numbers(40).flatMap((number) => [opens(number), ...(number > 1 ? [answers(number)] : [])]),
  )

  test('the open ones stay, and of those that are answered the last ten', () => {
    expect([...questions.keys()]).toEqual(['q1', ...numbers(10).map((number) => `q${30 + number}`)])
  })

  test('none has the id of one that was forgotten, and an answer to that is refused as one too many', () => {
    const patch = { open_questions: ['Who pays?'], answer_questions: [{ questionId: 'q2', answer: 'No.' }] }
    const { events, ignored } = patchEvents({ facts: new Map(), questions, limits: factLimits }, patch, {
      source,
      trust: 'tool',
    })
    expect(events).toMatchObject([{ type: 'question_opened', questionId: 'q41' }])
    expect(ignored).toMatchObject([{ name: 'q2', message: '"q2" is no open question: it has been answered.' }])
  })

  test('the newest is kept, also where older ones are answered after it', () => {
    const backwards = numbers(20).reverse()
    const kept = stateAfter([...numbers(20).map(opens), ...backwards.map(answers)]).questions
    expect([...kept.keys()]).toEqual(numbers(10).map((number) => `q${10 + number}`))
  })
})
