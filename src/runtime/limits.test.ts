import { expect, test } from 'vitest'
import { defaultBudget, defaultLimits } from '../core/index.ts'
import { scripted } from '../models/scripted.ts'
import { checkedLimits } from './check-limits.ts'
import { agent, DefinitionError } from './define.ts'
import { anyTool, policy } from './world.fixture.ts'

const SECONDS = 1_000
const DAYS = 24 * 3_600 * SECONDS

test('the defaults are those of DESIGN section 9', () => {
  expect(defaultLimits).toMatchObject({
    leaseMs: 15 * SECONDS,
    noticeMs: 250,
    graceMs: 5 * SECONDS,
    maxSkewMs: 300 * SECONDS,
    stallMs: 5 * SECONDS,
    toolTimeoutMs: 60 * SECONDS,
    modelTimeoutMs: 120 * SECONDS,
    approvalExpiryMs: 7 * DAYS,
    maxEventBytes: 1_048_576,
    maxOutputBytes: 64 * 1_048_576,
    isolatedMemoryBytes: 256 * 1_048_576,
    warnEvents: 10_000,
    transportAttempts: 5,
    transportBackoffMs: 500,
    maxConcurrentCalls: 4,
    maxCallsPerTurn: 8,
    maxCallsInAnswer: 1_000,
    resultPreviewCharacters: 1_000,
    streamBuffer: 32,
    warnTools: 12,
    maxInlineBytes: 16_384,
    maxFacts: 50,
    pinAt: 90,
    // Ended sessions never expire (DESIGN 9, Retention).
    retainEndedMs: 0,
  })
  expect(defaultBudget).toMatchObject({ maxTurns: 12, maxEvents: 50_000, whenExhausted: 'stop' })
})

test('every limit has a value, and none is infinite', () => {
  for (const [name, value] of Object.entries(defaultLimits))
    expect(Number.isSafeInteger(value) && (value > 0 || name === 'retainEndedMs'), name).toBe(true)
})

test.each([
  ['maxInlineByte', 3, /"maxInlineByte" is no option.*maxInlineBytes/],
  ['retainEndedMs', '90d', /expected retainEndedMs as a whole number from 0; found "90d"/],
  ['retainEndedMs', -5, /expected retainEndedMs as a whole number from 0; found -5/],
  ['graceMs', Number.NaN, /expected graceMs as a whole number from 0/],
])('a limit that would bound nothing is refused: %s %s', (name, value, said) => {
  // As plain JavaScript may give it.
  expect(() => checkedLimits({ [name]: value } as never)).toThrow(said)
})

const refused = (define: () => unknown, message: RegExp) => {
  expect(define).toThrow(DefinitionError)
  expect(define).toThrow(message)
}
const base = { name: 'clerk', instructions: '', model: scripted([]) }

test('an agent with a tool that writes and that no policy names is refused, with the line to write', () => {
  const pay = anyTool('pay', 'unsafe', () => 1)
  refused(() => agent({ ...base, tools: [pay] }), /no policy names pay, which writes.*policies: \[open\('pay'\)\]/)
  refused(
    () => agent({ ...base, tools: [pay], policies: [policy(() => ({ type: 'allow' }), '*')] }),
    /no policy names pay/,
  )
  expect(agent({ ...base, tools: [pay], policies: [policy(() => ({ type: 'allow' }))] }).name).toBe('clerk')
  expect(agent({ ...base, tools: [anyTool('look', 'read', () => 1)] }).tools.size).toBe(1)
})

test('a cost cap over a model without a price is refused, with how to give one', () => {
  const model = scripted([], { price: null, id: 'acme/unknown' })
  refused(
    () => agent({ ...base, model, budget: { maxCostMicroUsd: 5 } }),
    /price of acme\/unknown is not known.*price: \{/,
  )
  const price = { inputMicroUsdPerMTok: 1, outputMicroUsdPerMTok: 1 }
  expect(agent({ ...base, model, price, budget: { maxCostMicroUsd: 5 } }).terms.price).toEqual(price)
})

test('names that cannot stand in a log or a prompt are refused', () => {
  refused(() => agent({ ...base, name: 'My Agent' }), /lower-case letters, digits and "-"; found "My Agent"/)
  for (const name of ['', 'a b', '1st', 'constructor', '__proto__'])
    refused(() => anyTool(name, 'read', () => 1), /a tool's name/)
  const look = anyTool('look', 'read', () => 1)
  refused(() => agent({ ...base, tools: [look, look] }), /two tools named look/)
  refused(
    () => anyTool('look', 'read', () => 1, { verify: () => ({ tookEffect: false }) }),
    /has verify, which only an unsafe tool needs/,
  )
})
