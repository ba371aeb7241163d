import { describe, expect, test } from 'vitest'
import type { Exposure, Source } from '../core/index.ts'
import type { PolicyRequest } from '../ports/index.ts'
import { InvalidPolicyError, ruleOfTwo } from './index.ts'
import { requestFor } from './request.fixture.ts'

const mail: Source = { type: 'message', seq: 2, trust: 'external', sensitivity: 'internal' }
const said: Source = { type: 'message', seq: 3, trust: 'user', sensitivity: 'internal' }
const ticket = call('c1', 'read_ticket', { trust: 'external' })
const account = call('c2', 'lookup_account', { sensitivity: 'private' })

function call(callId: string, tool: string, labels: Partial<Source>): Source {
  return { type: 'call', callId, tool, trust: 'tool', sensitivity: 'internal', ...labels } as Source
}

function asked(exposure: Exposure, tool: Partial<PolicyRequest['tool']> = {}): PolicyRequest {
  const request = requestFor('open_refund_case', { amountUsd: 1 })
  return { ...request, exposure, tool: { ...request.tool, ...tool } }
}

describe('ruleOfTwo', () => {
  test('asks about a write of a session that holds both, and names what brought them', () => {
    expect(ruleOfTwo().check(asked([ticket, account]))).toEqual({
      type: 'require_approval',
      reason: 'rule_of_two',
      message:
        'the session has read what could direct it and what it could give away (untrusted: read_ticket (c1); private: lookup_account (c2))',
    })
    expect(ruleOfTwo().check(asked([mail, account]))).toMatchObject({
      message: expect.stringContaining('untrusted: message 2 (external); private: lookup_account (c2)'),
    })
  })

  test.each<[string, Exposure]>([
    ['nothing', []],
    ['only what strangers wrote', [mail, ticket]],
    ['only private data', [said, account]],
  ])('lets a write through where the session holds %s', (_, exposure) => {
    expect(ruleOfTwo().check(asked(exposure))).toEqual({ type: 'allow' })
  })

  test('one tool can bring both', () => {
    const inbox = call('c1', 'read_inbox', { trust: 'external', sensitivity: 'private' })
    expect(ruleOfTwo().check(asked([inbox]))).toMatchObject({ type: 'require_approval' })
  })

  test('lets reads through, but not those whose input can be read outside', () => {
    const both = [ticket, account]
    expect(ruleOfTwo().check(asked(both, { effect: 'read' }))).toEqual({ type: 'allow' })
    expect(ruleOfTwo().check(asked(both, { effect: 'read', egress: true }))).toMatchObject({ type: 'require_approval' })
    expect(ruleOfTwo().check(asked(both, { effect: 'idempotent' }))).toMatchObject({ type: 'require_approval' })
  })

  test('users count as untrusted where it says so, and internal data as private', () => {
    expect(ruleOfTwo().check(asked([said, account]))).toEqual({ type: 'allow' })
    const strict = ruleOfTwo({ untrusted: ['external', 'user'] })
    expect(strict.check(asked([said, account]))).toMatchObject({ type: 'require_approval' })
    const wide = ruleOfTwo({ sensitive: ['private', 'internal'] })
    expect(wide.check(asked([ticket]))).toMatchObject({ type: 'require_approval' })
  })

  test('lets the excepted writes through, and asks in its own terms about the others', () => {
    const rule = ruleOfTwo({ except: ['escalate_to_human'], quorum: 2, ask: 'the security team', notRequester: true })
    const both = [ticket, account]
    expect(rule.check(asked(both, { name: 'escalate_to_human' }))).toEqual({ type: 'allow' })
    expect(rule.check(asked(both))).toMatchObject({ quorum: 2, ask: 'the security team', notRequester: true })
  })

  test('lists five of many, and says how many more', () => {
    const tickets = Array.from({ length: 7 }, (_, index) => call(`c${index}`, 'read_ticket', { trust: 'external' }))
    const verdict = ruleOfTwo().check(asked([...tickets, account]))
    expect(verdict).toMatchObject({ message: expect.stringContaining('read_ticket (c4) and 2 more; private') })
  })

  test('its version changes with every option, so that approvals under other ones no longer count', () => {
    const versions = [
      ruleOfTwo(),
      ruleOfTwo({ untrusted: ['external', 'user'] }),
      ruleOfTwo({ sensitive: ['private', 'internal'] }),
      ruleOfTwo({ except: ['note'] }),
      ruleOfTwo({ quorum: 2 }),
    ].map(({ version }) => version)
    expect(new Set(versions).size).toBe(versions.length)
    expect(ruleOfTwo({ untrusted: ['user', 'external'] }).version).toBe(versions[1])
  })

  test('governs no tool by itself, and refuses labels that would never ask', () => {
    expect(ruleOfTwo()).toMatchObject({ name: 'ruleOfTwo(*)', tools: '*', unattended: 'rule_of_two' })
    expect(() => ruleOfTwo({ untrusted: [] })).toThrow(InvalidPolicyError)
    expect(() => ruleOfTwo({ sensitive: [] })).toThrow(InvalidPolicyError)
    expect(() => ruleOfTwo({ quorum: 0 })).toThrow(InvalidPolicyError)
  })
})
