/** What tools inside the runtime do wrong, and what has to come of it: one table for all effect classes. */
import { ToolError } from 'pawl'
import type { ToolContext } from 'pawl/ports'
import { z } from 'zod'

export type Misbehaviour = {
  readonly name: string
  readonly run: (input: Record<string, unknown>, context: ToolContext) => unknown
  /** Of the message of the outcome, or of the warning. */
  readonly says: string | RegExp
}

/** A proxy that throws at every touch. */
export function untouchable(): object {
  const refuse = () => {
    throw new Error('do not touch')
  }
  const traps = Reflect.ownKeys(Reflect).flatMap((trap) => (typeof trap === 'string' ? [[trap, refuse] as const] : []))
  return new Proxy(() => {}, Object.fromEntries(traps))
}

const cycle: Record<string, unknown> = {}
cycle['self'] = cycle

const selfCaused = new Error('by itself')
selfCaused.cause = selfCaused

type Then = (resolve: (value: unknown) => void, reject: (problem: unknown) => void) => void

function thenable(then: Then): object {
  return { then }
}

function throwing(thrown: unknown): () => never {
  return () => {
    throw thrown
  }
}

const UNREADABLE = 'something was thrown that cannot be read'

const thrown: readonly (readonly [string, () => unknown, string])[] = [
  ['an error', () => new Error('no connection'), 'no connection'],
  ['undefined', () => undefined, 'undefined'],
  ['null', () => null, 'null'],
  ['text', () => 'just text', 'just text'],
  ['a symbol', () => Symbol('s'), 'Symbol(s)'],
  ['a frozen object', () => Object.freeze({ a: 1 }), '[object Object]'],
  ['an object without a prototype', () => Object.create(null), UNREADABLE],
  [
    'an error whose message throws',
    () => Object.defineProperty(new Error('x'), 'message', { get: throwing(1) }),
    UNREADABLE,
  ],
  ['an error whose message is no text', () => Object.assign(new Error('x'), { message: { a: 1 } }), UNREADABLE],
  ['a proxy that throws at every touch', untouchable, UNREADABLE],
  ['an error that caused itself', () => selfCaused, 'by itself'],
  [
    'a ToolError whose fields throw',
    () => Object.defineProperty(new ToolError('sly'), 'retryable', { get: throwing(1) }),
    'sly',
  ],
]

/** The call failed, and nobody knows more: `unknown` for `unsafe`, `retryable_error` for the others. */
export const failing: readonly Misbehaviour[] = [
  ...thrown.map(
    ([what, make, says]): Misbehaviour => ({ name: `throws ${what}`, run: () => throwing(make())(), says }),
  ),
  ...thrown.map(
    ([what, make, says]): Misbehaviour => ({ name: `rejects with ${what}`, run: () => Promise.reject(make()), says }),
  ),
  {
    name: 'never answers',
    run: () => new Promise(() => {}),
    says: 'it took longer than 1000 ms, and it did not stop within 500 ms',
  },
  {
    name: 'answers with a thenable that never settles',
    run: () => thenable(() => {}),
    says: 'it took longer than 1000 ms, and it did not stop within 500 ms',
  },
  {
    name: 'hears the signal, and goes on',
    run: (_, { signal }) => new Promise(() => signal.addEventListener('abort', () => {})),
    says: 'it took longer than 1000 ms, and it did not stop within 500 ms',
  },
  {
    name: 'answers with a thenable that throws',
    run: () => thenable(throwing(new Error('no then'))),
    says: 'no then',
  },
  {
    name: 'answers with a thenable whose then throws when it is read',
    run: () => Object.defineProperty({}, 'then', { get: throwing(new Error('no then')) }),
    says: 'no then',
  },
  {
    name: 'answers with a thenable that rejects, and then resolves',
    run: () =>
      thenable((resolve, reject) => {
        reject(new Error('first'))
        resolve('second')
      }),
    says: 'first',
  },
  { name: 'answers with a proxy that throws at every touch', run: () => untouchable(), says: 'do not touch' },
]

/** What it answered is no JSON: an error of a `read`, and no reason to repeat a write. */
export const unreadable: readonly Misbehaviour[] = [
  { name: 'a BigInt', run: () => ({ n: 1n }), says: '$.n: a bigint is not JSON' },
  { name: 'a cycle', run: () => cycle, says: '$.self: it contains itself' },
  { name: 'a symbol', run: () => [Symbol('s')], says: '$[0]: a symbol is not JSON' },
  { name: 'a function', run: () => ({ f: () => 1 }), says: '$.f: a function is not JSON' },
  { name: 'a function alone', run: () => () => 1, says: '$: a function is not JSON' },
  { name: 'a Map', run: () => new Map([[1, 2]]), says: '$: an instance of Map is not JSON' },
  { name: 'a Date', run: () => ({ at: new Date(0) }), says: '$.at: an instance of Date is not JSON' },
  { name: 'an invalid Date', run: () => new Date(Number.NaN), says: '$: an instance of Date is not JSON' },
  { name: 'bytes', run: () => new Uint8Array(8), says: '$: an instance of Uint8Array is not JSON' },
  { name: 'an error', run: () => new Error('x'), says: '$: an instance of Error is not JSON' },
  { name: 'NaN', run: () => ({ n: Number.NaN }), says: '$.n: NaN is not a JSON number' },
  { name: 'Infinity', run: () => [Number.NEGATIVE_INFINITY], says: '$[0]: -Infinity is not a JSON number' },
  { name: 'an integer beyond 2^53', run: () => 2 ** 53, says: '$: the integer 9007199254740992 is beyond 2^53' },
  {
    name: 'a getter that throws',
    run: () => ({
      get n() {
        throw new Error('no')
      },
    }),
    says: '$.n: it threw while it was read',
  },
  {
    name: 'a toJSON that throws',
    run: () => ({ toJSON: throwing(new Error('no')) }),
    says: '$.toJSON: a function is not JSON',
  },
  {
    name: 'a toJSON that lies',
    run: () => ({ paid: 1, toJSON: () => ({ paid: 0 }) }),
    says: '$.toJSON: a function is not JSON',
  },
  {
    name: 'a key that changes a prototype',
    run: () => JSON.parse('{"a": {"__proto__": {"x": 1}}}'),
    says: 'the key is not allowed',
  },
  {
    name: 'a nesting of 100,000',
    run: () => Array.from({ length: 100_000 }).reduce((inner) => [inner], 1),
    says: 'nested deeper than 64 levels',
  },
  {
    name: 'an array with four thousand million holes',
    run: () => new Array(2 ** 32 - 1),
    says: 'expected at most 67108864 bytes of JSON',
  },
  {
    name: 'a proxy that throws below its top',
    run: () => ({ inside: new Proxy({}, { ownKeys: throwing(new Error('no')) }) }),
    says: '$.inside: it threw while it was read',
  },
]

export type Harmless = Omit<Misbehaviour, 'says'> & { readonly output: unknown }

/** Odd, and taken as it is. */
export const harmless: readonly Harmless[] = [
  { name: 'answers undefined', run: () => undefined, output: null },
  { name: 'answers minus zero', run: () => [-0], output: [0] },
  { name: 'answers a list with holes', run: () => Object.assign(new Array(3), { 1: 'x' }), output: [null, 'x', null] },
  {
    name: 'answers a frozen object without a prototype',
    run: () => Object.freeze(Object.assign(Object.create(null), { a: 1 })),
    output: { a: 1 },
  },
  { name: 'answers half of a surrogate pair and a NUL', run: () => 'a\ud800\0', output: 'a\ufffd\ufffd' },
  { name: 'answers a proxy of an object', run: () => new Proxy({ a: 1 }, {}), output: { a: 1 } },
  {
    name: 'answers with a thenable that answers twice',
    run: () =>
      thenable((resolve) => {
        resolve('first')
        resolve('second')
      }),
    output: 'first',
  },
  {
    name: 'answers with a thenable that rejects after it has resolved',
    run: () =>
      thenable((resolve, reject) => {
        resolve('first')
        reject(new Error('second'))
        throw new Error('third')
      }),
    output: 'first',
  },
  {
    name: 'changes its input and its context',
    run: (input, given) => {
      input['more'] = cycle
      Object.assign(given, { idempotencyKey: 'mine', callId: 'mine', sessionId: 'mine', signal: null })
      Object.assign(given.context, { more: cycle })
      return 'changed'
    },
    output: 'changed',
  },
  {
    name: 'changes its output after it has answered',
    run: () => {
      const output = { paid: 1 }
      setImmediate(() => Object.assign(output, { paid: 2, self: cycle }))
      return output
    },
    output: { paid: 1 },
  },
  {
    name: 'keeps a timer running after its end',
    run: () => {
      setInterval(() => {}, 1).unref()
      return 'answered'
    },
    output: 'answered',
  },
  {
    name: 'answers after the abort, within the grace',
    run: (_, { signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve('in time'))),
    output: 'in time',
  },
  {
    name: 'blocks the loop for 300 ms',
    run: () => {
      block(300)
      return 'blocked'
    },
    output: 'blocked',
  },
]

export function block(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

/** Views of an output, and other members, that do wrong; the output stands, and nothing else is known of it. */
export const brokenMembers: readonly { readonly name: string; readonly member: () => unknown }[] = [
  { name: 'throws an error', member: throwing(new Error('no')) as () => unknown },
  { name: 'throws what cannot be touched', member: throwing(untouchable()) as () => unknown },
  { name: 'answers what cannot be touched', member: untouchable },
  { name: 'answers a BigInt', member: () => 1n },
  { name: 'answers a cycle', member: () => cycle },
  { name: 'answers a nesting of 100,000', member: () => Array.from({ length: 100_000 }).reduce((inner) => [inner], 1) },
  { name: 'answers more than an event holds', member: () => ({ text: 'x'.repeat(2_000_000) }) },
  { name: 'answers a promise', member: () => Promise.resolve({ type: 'answered' }) },
  { name: 'answers a promise that rejects', member: () => Promise.reject(new Error('no')) },
  { name: 'answers a promise that never settles', member: () => new Promise(() => {}) },
  { name: 'answers a thenable that throws', member: () => thenable(throwing(new Error('no'))) },
]

/** A schema of somebody else, which does what the test says. */
export function schemaThat(validate: (value: unknown) => unknown): unknown {
  const { jsonSchema } = z.looseObject({})['~standard']
  return { '~standard': { version: 1, vendor: 'test', validate, jsonSchema } }
}
