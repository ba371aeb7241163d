import { describe, expect, test } from 'vitest'
import type { LogEvent, PawlEvent } from './event.ts'
import { mailReadLog, patchedLog, rememberedLog, troubledLog } from './memory/remembered-log.fixture.ts'
import { approvedTriage, heldTriage, logOf } from './trace-log.fixture.ts'
import { whyOf } from './why.ts'

const rowsOf = (log: readonly LogEvent[]) => whyOf(log, 'f00d').rows.filter(({ about }) => about === 'memory')
const saidBy = (log: readonly LogEvent[]) => rowsOf(log).map(({ says }) => says)

describe('why a turn waits', () => {
  test('a model is asked what is to be noted of a result, for points, or for a summary', () => {
    const asked = (log: readonly LogEvent[]) => whyOf(log).rows.find(({ about }) => about === 'model')?.says
    const log = rememberedLog()
    expect(asked(mailReadLog())).toBe('The model is asked for what is to be noted of the result of read_mail (c2).')
    expect(asked(log.slice(0, 24))).toBe('The model is asked for a shorter form of 2 facts.')
    expect(asked(log.slice(0, 27))).toBe('The model is asked for a summary of its turns up to event 4.')
  })
  test('its processor has a result, its facts are too many, or passages are looked up', () => {
    const log = rememberedLog()
    expect(saidBy(log.slice(0, 8))[0]).toBe('The next turn waits for its processor, which reads search_orders (c1).')
    expect(saidBy(patchedLog())[0]).toBe(
      'The next turn waits for its facts to become fewer: they are 3, and at most 2 are kept.',
    )
    expect(saidBy(log.slice(0, 29))[0]).toBe(
      'The next turn waits for passages that are looked up in the turns that have left its prompt.',
    )
    expect(whyOf(log.slice(0, 30)).rows[0]?.about).toBe('worker')
  })
})

describe('why did it do that', () => {
  test('names the facts, the summary and the passages that stood in the prompt, and where each comes from', () => {
    expect(rowsOf(rememberedLog()).map(({ says, fields }) => [says, fields])).toEqual([
      [
        'In the prompt of turn 6 stood 2 facts.',
        {
          'charged_twice (c2)': '"A-7": decision, from read_mail, external, event 22',
          'compressed_context (event 26)': '"1. 600 orders.\\n2. Newest A-599.": summed up from older facts, event 26',
        },
      ],
      [
        'In the prompt of turn 6 its turns up to event 5 stood no more; a summary stood in their place.',
        { summary: 'Asked:\n- a refund\n(external)' },
      ],
      [
        'For the message of event 2, 1 passage of what had left the prompt stood in that of turn 6.',
        { '1 (event 2)': 'I was charged twice' },
      ],
      [
        'In the prompt of turn 6, 1 output of tools was not shown as a whole.',
        { 'read_mail (c2)': 'its processor has read it and noted charged_twice' },
      ],
    ])
  })
  test('names nothing that was noted only after the model was asked', () => {
    const second = rememberedLog().slice(0, 15)
    expect(rowsOf(second)[0]?.fields).toEqual({
      'orders (c1)': '600: from search_orders, artifact 75ec8826825834bc, event 10',
      'newest_order (c1)': '"A-599": from search_orders, confidence 0.6, event 11',
    })
    expect(saidBy(rememberedLog().slice(0, 7))).toEqual([])
  })
  test('says why the model did not see an output, and how to see it', () => {
    expect(rowsOf(rememberedLog().slice(0, 15)).at(-1)).toMatchObject({
      fields: {
        'search_orders (c1)':
          'its processor has read it and noted orders, newest_order; the whole is artifact 75ec8826825834bc, 46,026 bytes',
      },
      commands: ['pawl artifact f00d 75ec8826825834bc'],
    })
    const unread = [...rememberedLog().slice(0, 8), ...rememberedLog().slice(12, 15)]
    expect(rowsOf(unread).at(-1)?.fields).toEqual({
      'search_orders (c1)': 'a preview of it; the whole is artifact 75ec8826825834bc, 46,026 bytes',
    })
  })
  test('says what was cut, what left without a summary, and that a patch was refused', () => {
    const after: readonly PawlEvent[] = rememberedLog()
      .slice(30)
      .map(({ event }) => (event.type === 'model_started' ? { ...event, contextSeq: 24 } : event))
    const log = logOf(
      troubledLog().map(({ event }) => event),
      after,
    )
    expect(
      rowsOf(log)
        .slice(1)
        .map(({ says, fields }) => [says, fields]),
    ).toEqual([
      [
        'In the prompt of turn 6 its turns up to event 5 stood no more; nothing stood in their place.',
        { cut: 'texts and results of over 4000 characters, up to event 23' },
      ],
      [
        'In the prompt of turn 6, 1 output of tools was not shown as a whole.',
        { 'read_mail (c2)': 'its processor came to nothing: expected JSON, found "no JSON"' },
      ],
    ])
  })
  test('says nothing of memory where a session has none', () => {
    for (const log of [logOf(heldTriage()), logOf(approvedTriage())]) expect(rowsOf(log)).toEqual([])
  })
})
