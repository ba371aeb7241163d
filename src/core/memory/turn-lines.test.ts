/** Turns as lines: what is cut first, and that no call stands without its result. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../json.ts'
import type { AssistantPart, Message } from '../message.ts'
import { turnLines } from './turn-lines.ts'

function call(providerCallId: string, tool: string, input: Json = {}): AssistantPart {
  return { type: 'call', providerCallId, tool, input }
}

function result(providerCallId: string, tool: string, result: Json): Message {
  return { role: 'tool', callId: `c-${providerCallId}`, providerCallId, tool, result, isError: false }
}

function agent(...parts: readonly AssistantPart[]): Message {
  return { role: 'assistant', parts }
}

const user = (text: string): Message => ({ role: 'user', text, trust: 'user' })
const said = (text: string): AssistantPart => ({ type: 'text', text })

describe('turns as lines', () => {
  test('have what was said, and each call with its own result', () => {
    const history: readonly Message[] = [
      { role: 'system', text: 'Be brief.' },
      user('Refund A-1.\nPlease.'),
      agent({ type: 'reasoning', text: 'secret' }, said('I look.'), call('1', 'find', { id: 'A-1' }), {
        type: 'invalid_call',
        providerCallId: '2',
        tool: 'pay',
        inputText: '{"a":',
        problem: 'cut',
      }),
      result('2', 'pay', { error: 'no JSON' }),
      result('1', 'find', { total: 25 }),
      // The same id again.
      agent(call('1', 'find', { id: 'A-2' })),
      result('1', 'find', 'none'),
      { role: 'user', text: 'And?', trust: 'external' },
      agent(call('9', 'wait')),
      result('7', 'lost', 1),
      agent(said(' ')),
    ]
    expect(turnLines(history, 10_000)).toEqual([
      'system: "Be brief."',
      'user: "Refund A-1.\\nPlease."',
      'agent: "I look."',
      'call find {"id":"A-1"} → {"total":25}',
      'call pay "{\\"a\\":" → {"error":"no JSON"}',
      'call find {"id":"A-2"} → "none"',
      'user (external): "And?"',
      'call wait {} → no result',
      'call lost → 1',
    ])
  })

  test('have the results of calls with one id in the order of the calls', () => {
    const history = [agent(call('1', 'a'), call('1', 'b')), result('1', 'a', 1), result('1', 'b', 2)]
    expect(turnLines(history, 1_000)).toEqual(['call a {} → 1', 'call b {} → 2'])
  })

  const long = [
    user('u'.repeat(598)),
    agent(call('1', 'a')),
    result('1', 'a', 'x'.repeat(998)),
    agent(call('2', 'b')),
    result('2', 'b', 'y'.repeat(998)),
  ]

  test('have their oldest results cut first', () => {
    expect(turnLines(long, 10_000)).toEqual([
      `user: "${'u'.repeat(598)}"`,
      `call a {} → "${'x'.repeat(998)}"`,
      `call b {} → "${'y'.repeat(998)}"`,
    ])
    const [, first = '', second = ''] = turnLines(long, 2_400)
    expect(first).toMatch(/^call a \{\} → "x+… \(\d+ of 1000 characters\)$/)
    expect(second).toBe(`call b {} → "${'y'.repeat(998)}"`)
  })

  test('have the texts cut where that is not enough, and then lose the oldest lines', () => {
    const [text = '', first = '', second = ''] = turnLines(long, 850)
    expect(text).toMatch(/^user: "u+… \(\d+ of 606 characters\)$/)
    for (const line of [first, second]) expect(line).toMatch(/^call . \{\} → "[xy]+… \(120 of 1000 characters\)$/)
    const shorter = turnLines(long, 300)
    expect(shorter[0]).toBe('(2 older lines are left out)')
    expect(shorter[1]).toMatch(/^call b \{\} → "y+… \(120 of 1000 characters\)$/)
    expect(shorter).toHaveLength(2)
    expect(turnLines(long, 100)).toEqual(['(3 older lines are left out)'])
  })

  test('are never longer than asked, quoted, and no call stands without a result', () => {
    const text = fc.integer({ min: 1, max: 900 }).map((length) => 'a b\n"'.repeat(length).slice(0, length))
    const turn = fc.tuple(fc.option(text), fc.option(text), fc.array(fc.tuple(text, fc.option(text)), { maxLength: 3 }))
    let cuts = 0
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 8 }), fc.integer({ min: 100, max: 6_000 }), (turns, maxCharacters) => {
        const history = turns.flatMap(([asked, answer, calls]): readonly Message[] => [
          ...(asked === null ? [] : [user(asked)]),
          agent(
            ...(answer === null ? [] : [said(answer)]),
            ...calls.map(([input], index) => call(`${index}`, 'find', { input })),
          ),
          ...calls.flatMap(([, output], index) => (output === null ? [] : [result(`${index}`, 'find', output)])),
        ])
        const lines = turnLines(history, maxCharacters)
        expect(lines.map((line) => `> ${line}\n`).join('').length).toBeLessThanOrEqual(maxCharacters)
        for (const line of lines) {
          expect(line).not.toContain('\n')
          if (line.startsWith('call find')) expect(line).toMatch(/ → (no result|")/)
        }
        const whole = turnLines(history, 1_000_000)
        if (lines.length < whole.length)
          expect(lines[0]).toBe(`(${whole.length - lines.length + 1} older lines are left out)`)
        if (lines.join() !== whole.join()) cuts += 1
        else
          expect(whole.length).toBe(
            history.filter(({ role }) => role === 'user').length +
              turns.reduce(
                (sum, [, answer, calls]) => sum + calls.length + Number(answer !== null && answer.trim() !== ''),
                0,
              ),
          )
      }),
      { numRuns: 200 },
    )
    expect(cuts).toBeGreaterThan(30)
  })
})
