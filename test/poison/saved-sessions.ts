/** Sessions that each bring one famous poison: they are the first of the sessions by number. */
import type { ModelResponse } from '../../src/core/index.ts'

type Parts = ModelResponse['parts']

export type SavedSession = {
  readonly name: string
  /** What the model says in its first turn; it then ends. */
  readonly parts: () => Parts
  /** What the tool answers. */
  readonly output?: () => unknown
}

const MEGABYTE = 2 ** 20

function call(tool: string, input: unknown = {}, providerCallId = 'same'): Parts[number] {
  // A model may give anything as an input; the border has to notice.
  return { type: 'call', providerCallId, tool, input: input as never }
}

const many = (count: number): Parts => Array.from({ length: count }, () => call('echo'))

export const savedSessions: readonly SavedSession[] = [
  { name: '1,000 calls in one turn', parts: () => many(1_000) },
  { name: '8,000 calls in one turn', parts: () => many(8_000) },
  { name: 'a tool name of 1 MB', parts: () => [call('x'.repeat(MEGABYTE))] },
  { name: 'a call id of 1 MB', parts: () => [call('echo', {}, '😀'.repeat(MEGABYTE / 4))] },
  { name: 'empty names and ids', parts: () => [call('', {}, ''), call('', {}, '')] },
  { name: 'homoglyphs of a tool', parts: () => [call('есho'), call('echo\u200b'), call('ECHO'), call(' echo')] },
  {
    name: 'tools named like members of objects',
    parts: () => ['__proto__', 'constructor', 'toString', 'then', 'toJSON', 'prototype'].map((name) => call(name)),
  },
  { name: 'an output of 10 MB', parts: () => [call('echo')], output: () => 'x'.repeat(10 * MEGABYTE) },
  {
    name: 'an output of 10 MB of what a write answered',
    parts: () => [call('pay')],
    output: () => '😀'.repeat(2.5 * MEGABYTE),
  },
  {
    name: 'an output with a key of 2 MB',
    parts: () => [call('echo')],
    output: () => ({ ['k'.repeat(2 * MEGABYTE)]: 1 }),
  },
  { name: 'an output of a million elements', parts: () => [call('echo')], output: () => new Array(1_000_000).fill(0) },
  {
    name: 'an output of four thousand million holes',
    parts: () => [call('echo')],
    output: () => new Array(4_000_000_000),
  },
  {
    name: 'an output and views of nearly an event each',
    parts: () => [call('view')],
    output: () => 'x'.repeat(1_020_000),
  },
  { name: 'a text of 2 MB', parts: () => [{ type: 'text', text: 'x'.repeat(2 * MEGABYTE) }] },
  { name: 'an input of 1 MB', parts: () => [call('echo', { a: 'x'.repeat(MEGABYTE) })] },
  { name: 'an input that is a string of JSON', parts: () => [call('strict', '{"id":"W1"}')] },
  {
    name: 'an input of the wrong type',
    parts: () => [call('strict', [1, 2]), call('strict', null), call('strict', 'W1')],
  },
  { name: 'a pattern that goes back over its text', parts: () => [call('strict', { slow: `${'a'.repeat(40)}!` })] },
  { name: 'a quote cut in the middle of a character', parts: () => [call('strict', { kind: `${'x'.repeat(78)}😀` })] },
  { name: 'a name cut in the middle of a character', parts: () => [call(`${'x'.repeat(99)}😀`)] },
]
