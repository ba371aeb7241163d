/** What a patch comes to, given what is known. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type PatchedMemory, patchEvents } from './apply-patch.ts'
import type { Fact, Question } from './fact.ts'
import { factLimits, factOf, factsOf } from './memory.fixture.ts'
import type { PatchFact, StatePatch } from './state-patch.ts'

const source = { kind: 'tool', taskId: 'root', callId: 'c2' } as const
const origin = { source, trust: 'tool' } as const

function questionsOf(...answers: readonly (string | null)[]): ReadonlyMap<string, Question> {
  return new Map(
    answers.map((answer, index) => {
      const questionId = `q${index + 1}`
      return [questionId, { questionId, text: `Question ${index + 1}?`, source, trust: 'tool', answer }]
    }),
  )
}

function memoryOf(fields: Partial<PatchedMemory> = {}): PatchedMemory {
  return { facts: new Map(), questions: new Map(), limits: factLimits, ...fields }
}

function noted(memory: PatchedMemory, ...append_known_facts: readonly PatchFact[]) {
  return patchEvents(memory, { append_known_facts }, origin)
}

describe('a fact of a patch', () => {
  test('is noted with what it leaves out filled in, and with the labels of where it comes from', () => {
    const facts = [
      { key: 'total', value: 25 },
      { key: 'refund', value: 'yes', kind: 'decision' },
      { key: 'limit', value: 500, kind: 'constraint', priority: 3, confidence: 0.5 },
    ] as const
    const labels = { trust: 'external', sensitivity: 'private', artifact: 'ab'.repeat(32) } as const
    const { events, noted, ignored } = patchEvents(memoryOf(), { append_known_facts: facts }, { source, ...labels })
    expect(events).toEqual([
      { type: 'fact_noted', key: 'total', value: 25, kind: 'fact', source, priority: 50, confidence: 1, ...labels },
      {
        type: 'fact_noted',
        key: 'refund',
        value: 'yes',
        kind: 'decision',
        source,
        priority: 90,
        confidence: 1,
        ...labels,
      },
      {
        type: 'fact_noted',
        key: 'limit',
        value: 500,
        kind: 'constraint',
        source,
        priority: 3,
        confidence: 0.5,
        ...labels,
      },
    ])
    expect(noted).toEqual(['total', 'refund', 'limit'])
    expect(ignored).toEqual([])
  })

  test('has no labels that its origin has not', () => {
    const [event] = noted(memoryOf(), { key: 'total', value: 25 }).events
    expect(Object.keys(event ?? {})).toEqual([
      'type',
      'key',
      'value',
      'kind',
      'source',
      'priority',
      'confidence',
      'trust',
    ])
  })

  test.each([
    [0.5, 0.5, []],
    [0.5, 0.6, []],
    [0.5, 0.4, ['"total" is known with confidence 0.5, and stays: 0.4 is lower.']],
  ])('replaces the one of its key, known with confidence %d, unless %d is lower', (known, confidence, messages) => {
    const facts = factsOf(factOf('total', 1, { confidence: known }))
    const done = noted(memoryOf({ facts }), { key: 'total', value: 30, confidence })
    expect(done.ignored.map(({ message }) => message)).toEqual(messages)
    expect(done.noted).toEqual(messages.length === 0 ? ['total'] : [])
    expect(done.ignored.every(({ code, name }) => code === 'lower_confidence' && name === 'total')).toBe(true)
  })

  test('has the trust of the newest source, whoever said it before', () => {
    const facts = factsOf(factOf('mail', 1, { trust: 'external' }), factOf('total', 2, { trust: 'operator' }))
    const { events } = patchEvents(
      memoryOf({ facts }),
      { append_known_facts: [{ key: 'mail', value: 1 }] },
      { source, trust: 'operator' },
    )
    expect(events).toMatchObject([{ key: 'mail', trust: 'operator' }])
    const { events: later } = patchEvents(
      memoryOf({ facts }),
      { append_known_facts: [{ key: 'total', value: 1 }] },
      { source, trust: 'external' },
    )
    expect(later).toMatchObject([{ key: 'total', trust: 'external' }])
  })

  test('that would be pinned is refused where pinned ones are as many as there may be, and one that would not be is noted', () => {
    const limits = { ...factLimits, maxFacts: 2 }
    const facts = factsOf(
      factOf('a', 1, { priority: 90 }),
      factOf('b', 2),
      factOf('compressed_context', 3, { priority: 95 }),
    )
    const done = noted(
      memoryOf({ facts, limits }),
      { key: 'c', value: 1, kind: 'decision', priority: 0 },
      { key: 'd', value: 1, priority: 90 },
      { key: 'e', value: 1, priority: 89 },
      // The same key: there is one no more.
      { key: 'a', value: 2, kind: 'constraint' },
      { key: 'b', value: 2, kind: 'constraint' },
    )
    expect(done.noted).toEqual(['c', 'e', 'a'])
    expect(done.ignored).toEqual(
      ['d', 'b'].map((name) => ({
        code: 'pinned_full',
        name,
        message: `"${name}" was not noted: 2 facts are decisions, constraints or of priority 90 and more, and no more can be kept. Note it as a fact of a lower priority, or under the key of one that it replaces.`,
      })),
    )
  })

  test('that takes the place of a pinned one leaves room for another', () => {
    const limits = { ...factLimits, maxFacts: 1 }
    const facts = factsOf(factOf('a', 1, { priority: 95 }))
    const done = noted(memoryOf({ facts, limits }), { key: 'a', value: 2 }, { key: 'b', value: 1, priority: 95 })
    expect(done.noted).toEqual(['a', 'b'])
  })
})

describe('questions of a patch', () => {
  test('get the ids after all that were ever opened', () => {
    const patch = { open_questions: ['Who pays?', 'Since when?'] }
    const { events } = patchEvents(memoryOf({ questions: questionsOf('Yes.', null) }), patch, origin)
    expect(events).toEqual([
      { type: 'question_opened', questionId: 'q3', text: 'Who pays?', source, trust: 'tool' },
      { type: 'question_opened', questionId: 'q4', text: 'Since when?', source, trust: 'tool' },
    ])
  })

  test('that are open in the same words are not opened twice, and those that were answered are', () => {
    const patch = { open_questions: ['Question 1?', 'Question 2?', 'Who pays?', 'Who pays?'] }
    const { events, ignored } = patchEvents(memoryOf({ questions: questionsOf('Yes.', null) }), patch, origin)
    expect(events).toMatchObject([
      { questionId: 'q3', text: 'Question 1?' },
      { questionId: 'q4', text: 'Who pays?' },
    ])
    expect(ignored).toEqual([])
  })

  test('are answered before others are opened, which then have their place', () => {
    const memory = memoryOf({ questions: questionsOf(null, null), limits: { ...factLimits, maxQuestions: 2 } })
    const patch = {
      open_questions: ['Who pays?', 'And what else?'],
      answer_questions: [{ questionId: 'q2', answer: 'On Monday.' }],
    }
    expect(patchEvents(memory, patch, origin)).toEqual({
      events: [
        { type: 'question_answered', questionId: 'q2', answer: 'On Monday.', source, trust: 'tool' },
        { type: 'question_opened', questionId: 'q3', text: 'Who pays?', source, trust: 'tool' },
      ],
      noted: [],
      ignored: [
        {
          code: 'questions_full',
          name: 'And what else?',
          message: 'The question was not opened: 2 are open already. Answer one of them before.',
        },
      ],
    })
  })

  test('are answered once, and never in the patch that opens them', () => {
    const answers = ['q1', 'q2', 'q2', 'q3', '__proto__'].map((questionId) => ({ questionId, answer: 'Yes.' }))
    const patch = { open_questions: ['Who pays?'], answer_questions: answers }
    const { events, ignored } = patchEvents(memoryOf({ questions: questionsOf('Yes.', null) }), patch, origin)
    expect(events).toMatchObject([{ type: 'question_answered', questionId: 'q2' }, { questionId: 'q3' }])
    expect(ignored.map(({ code, message }) => [code, message])).toEqual([
      ['unknown_question', '"q1" is no open question: it has been answered.'],
      ['unknown_question', '"q2" is no open question: it has been answered.'],
      ['unknown_question', '"q3" is no open question: there is none of that id.'],
      ['unknown_question', '"__proto__" is no open question: there is none of that id.'],
    ])
  })
})

test('nothing of a patch is lost: each part is an event, is ignored with a sentence, or was there already', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd')
  const fact = fc.record(
    { key, value: fc.nat(), priority: fc.constantFrom(0, 50, 95), confidence: fc.constantFrom(0.1, 0.9) },
    { requiredKeys: ['key', 'value'] },
  )
  const patch: fc.Arbitrary<StatePatch> = fc.record({
    append_known_facts: fc.uniqueArray(fact, { selector: (each) => each.key }),
    open_questions: fc.uniqueArray(fc.constantFrom('A?', 'B?', 'C?', 'D?')),
    answer_questions: fc.array(
      fc.record({ questionId: fc.constantFrom('q1', 'q2', 'q3', 'q9'), answer: fc.constant('Yes.') }),
    ),
  })
  const limits = { ...factLimits, maxFacts: 3, maxQuestions: 3 }
  fc.assert(
    fc.property(fc.array(patch, { maxLength: 6 }), (patches) => {
      const facts = new Map<string, Fact>()
      const questions = new Map<string, Question>()
      let seq = 0
      for (const each of patches) {
        const { events, ignored } = patchEvents({ facts, questions, limits }, each, origin)
        const open = [...questions.values()].filter(({ answer }) => answer === null)
        const already = (each.open_questions ?? []).filter(
          (text) =>
            open.some((question) => question.text === text) &&
            !events.some((event) => 'text' in event && event.text === text),
        )
        const asked = Object.values(each).flat().length
        expect(events.length + ignored.length).toBeGreaterThanOrEqual(asked - already.length)
        expect(events.length + ignored.length).toBeLessThanOrEqual(asked)
        for (const event of events) {
          seq += 1
          if (event.type === 'fact_noted') facts.set(event.key, { ...event, seq, at: 0 })
          else if (event.type === 'question_opened') {
            expect(event.questionId).toBe(`q${questions.size + 1}`)
            questions.set(event.questionId, { ...event, answer: null })
          } else {
            const question = questions.get(event.questionId)
            if (question?.answer !== null) throw new Error('answered twice, or never opened')
            questions.set(event.questionId, { ...question, answer: event.answer })
          }
        }
        expect([...facts.values()].filter(({ priority }) => priority >= limits.pinAt).length).toBeLessThanOrEqual(3)
        expect([...questions.values()].filter(({ answer }) => answer === null).length).toBeLessThanOrEqual(3)
      }
    }),
    { numRuns: 150 },
  )
})
