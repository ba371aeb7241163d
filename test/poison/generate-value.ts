/** Values that no honest program makes, for the doors through which values come: tools, adapters, policies, callers. */
import { type Chance, chanceOf } from '../../src/testing/simulator/chance.ts'
import { pickOf } from './generate-text.ts'
import { hostilePieces } from './saved-texts.ts'

/** Any value. Made anew by each call: some of them remember that they were read. */
export function hostileValue(chance: Chance, depth = 0): unknown {
  const roll = chance.random()
  if (depth < 4 && roll < 0.15) return Array.from({ length: chance.below(5) }, () => hostileValue(chance, depth + 1))
  if (depth < 4 && roll < 0.45) return hostileObject(chance, depth)
  if (roll < 0.6) return hostileText(chance)
  if (roll < 0.75) return pickOf(chance, scalars)
  if (roll < 0.88) return pickOf(chance, plain)
  return pickOf(chance, chance.happens(0.01) ? large : traps)()
}

/** The value of a case: every bare scalar and trap once, and from there on lists and objects of several members. */
export function valueCase(number: number): unknown {
  const known = bare[number]
  if (known !== undefined) return known()
  const chance = chanceOf(number)
  const members = 2 + chance.below(4)
  if (chance.happens(0.3)) return Array.from({ length: members }, () => hostileValue(chance, 1))
  const made: object = {}
  for (let count = members; count > 0; count -= 1) addMember(chance, made, 0)
  return made
}

export function hostileText(chance: Chance): string {
  const text = Array.from({ length: 1 + chance.below(3) }, () => pickOf(chance, hostilePieces)).join('')
  return chance.happens(0.03) ? text.repeat(1 + chance.below(2_000)) : text
}

const keys = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'then',
  'toJSON',
  'valueOf',
  'hasOwnProperty',
  'length',
  'a',
  'b',
  '',
  '\0',
  '\ud800',
  '\udfff',
  '\ufffd',
  '\ufeff',
  '1',
  '01',
  'type',
  'message',
  'reason',
  '\u0430',
  'x'.repeat(300),
] as const

function hostileObject(chance: Chance, depth: number): object {
  const made: object = chance.happens(0.1) ? Object.create(null) : {}
  for (let members = chance.below(5); members > 0; members -= 1) addMember(chance, made, depth)
  return made
}

/** Defined, not assigned: `__proto__` has to be a key like any other. */
function addMember(chance: Chance, made: object, depth: number): void {
  const value = hostileValue(chance, depth + 1)
  Object.defineProperty(made, chance.pick(keys), { value, enumerable: true, writable: true, configurable: true })
}

const plain: readonly unknown[] = [null, true, false, 0, 1, -1, 42, 'ok', '', 'W2378156', [], {}]

const scalars: readonly unknown[] = [
  undefined,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -0,
  2 ** 53,
  2 ** 53 + 2,
  -(2 ** 53),
  1e20,
  1e21,
  1e300,
  5e-324,
  Number.MAX_SAFE_INTEGER,
  12n,
  Symbol('poison'),
  Symbol.iterator,
  () => 1,
  async () => 1,
  class Money {},
  '\0',
  '\ud800',
  '\udc00x',
  '\u2028',
  '\ufeff',
]

class Account {
  readonly #secret = 1
  get balance(): number {
    return this.#secret
  }
  toJSON(): never {
    throw new Error('toJSON was called')
  }
}

function refuse(): never {
  throw new Error('no')
}

function rejected(): Promise<never> {
  const promise = Promise.reject(new Error('a promise inside of a value'))
  promise.catch(() => undefined)
  return promise
}

/** Made by hand so that reading it does something. */
const traps: readonly (() => unknown)[] = [
  () => new Date(0),
  () => new Date(Number.NaN),
  () => new Map([['a', 1]]),
  () => new Set([1]),
  () => /(a+)+$/,
  () => new Uint8Array(64),
  () => Buffer.from('bytes'),
  () => new Error('an error as a value'),
  () => new Account(),
  () => Object(1n),
  () => new String('boxed'),
  () => rejected(),
  () => Object.assign(new Array(4), { 1: 1, 3: 2 }),
  () => Object.assign([1], { extra: 2 }),
  () => cycle(),
  () => deep(70),
  () => Object.defineProperty({}, 'x', { enumerable: true, get: refuse }),
  () => new Proxy({}, { ownKeys: refuse }),
  () => new Proxy({ a: 1 }, { get: refuse }),
  () => new Proxy([], { getPrototypeOf: refuse }),
  () => new Proxy([1], { get: (list, key) => (key === 'length' ? 100_000 : Reflect.get(list, key)) }),
  () => revoked(),
  () => withThen((resolve) => [resolve(1), resolve(2)]),
  () => withThen(refuse),
  () => ({ toString: refuse, valueOf: refuse, [Symbol.toPrimitive]: refuse }),
  () => ({
    get message() {
      return refuse()
    },
    type: 'deny',
  }),
  () => Object.setPrototypeOf({ a: 1 }, { inherited: 1 }),
  () => globalThis,
]

const large: readonly (() => unknown)[] = [
  () => new Array(1_000_000),
  () => deep(100_000),
  () => Array.from({ length: 2_000 }, (_, index) => ({ index })),
  () => 'x'.repeat(1_000_000),
]

const bare: readonly (() => unknown)[] = [...[...plain, ...scalars].map((value) => () => value), ...traps, ...large]

/** An object that looks like a promise. */
function withThen(then: (resolve: (value: unknown) => void) => unknown): object {
  return Object.fromEntries([['then', then]])
}

function cycle(): object {
  const made: { list?: unknown[] } = {}
  made.list = [made]
  return made
}

function deep(levels: number): unknown {
  let made: unknown = []
  for (let level = 1; level < levels; level += 1) made = level % 2 === 0 ? [made] : { a: made }
  return made
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}
