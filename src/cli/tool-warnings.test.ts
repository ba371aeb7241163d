import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type AnyTool, agent, defaultLimits, type Policy, type Tool, tool } from '../index.ts'
import { scripted } from '../models/scripted.ts'
import { allOf, confirmationToken, denyTools, open, requireApproval, ruleOfTwo, threshold } from '../policies/index.ts'
import { renderTools, toolRows } from './render/tools.ts'
import { createStyle } from './style.ts'
import { toolWarnings } from './tool-warnings.ts'

type More = Partial<Pick<Tool, 'trust' | 'sensitivity' | 'egress'>>

function named(name: string, effect: Tool['effect'], more: More = {}): AnyTool {
  return tool({ name, description: name, effect, input: z.object({}), run: () => null, ...more })
}

const readTicket = named('read_ticket', 'read', { trust: 'external' })
const lookup = named('lookup_account', 'read', { sensitivity: 'private' })
const refund = named('refund', 'unsafe')
const fetchUrl = named('fetch_url', 'read', { egress: true })
const all = [readTicket, lookup, refund]

function desk(tools: readonly AnyTool[], policies: readonly Policy[]) {
  return agent({ name: 'desk', instructions: 'Help.', model: scripted(['done']), tools, policies })
}

const warnings = (tools: readonly AnyTool[], ...policies: readonly Policy[]) =>
  toolWarnings(desk(tools, policies), defaultLimits)

describe('an agent that reads strangers, sees private data and acts', () => {
  test('is warned of, by the names of its tools and with the line to write', () => {
    expect(warnings(all, open('refund'))).toEqual([
      'desk reads what strangers write (read_ticket), sees private data (lookup_account) and acts without a person (refund): ' +
        "whoever writes such a text can direct it. Let people decide: import { ruleOfTwo } from 'pawl/policies', then policies: [ruleOfTwo(), …].",
    ])
  })

  test('a limit is no answer: below it nobody is asked', () => {
    const rule = threshold({ tool: 'refund', amount: () => 1, max: 5 })
    expect(warnings(all, rule)).toEqual([expect.stringContaining('without a person (refund)')])
  })

  test('a read whose input leaves the house is a way to act', () => {
    const found = warnings([...all, fetchUrl], requireApproval({ tools: ['refund'], reason: 'x' }))
    expect(found).toEqual([expect.stringContaining('without a person (fetch_url)')])
  })

  test.each<[string, readonly Policy[]]>([
    ['ruleOfTwo', [ruleOfTwo(), open('refund')]],
    ['ruleOfTwo within another', [allOf(ruleOfTwo(), open('refund'))]],
    ['an approval for each call', [requireApproval({ tools: ['refund'], reason: 'x' })]],
    ['a token for each call', [confirmationToken({ tools: ['refund'], key: 'x'.repeat(32) })]],
    ['a tool that is switched off', [denyTools(['refund'])]],
  ])('is fine with %s', (_, policies) => {
    expect(warnings(all, ...policies)).toEqual([])
  })

  test.each<[string, readonly AnyTool[], readonly Policy[]]>([
    ['nothing from outside', [lookup, refund], [open('refund')]],
    ['nothing private', [readTicket, refund], [open('refund')]],
    ['no way to act', [readTicket, lookup], []],
  ])('two of the three are fine: %s', (_, tools, policies) => {
    expect(warnings(tools, ...policies)).toEqual([])
  })

  test('a policy that names a tool which is not there is said to govern nothing', () => {
    expect(warnings([lookup], denyTools(['refnd']))).toEqual([expect.stringContaining('names refnd')])
  })

  test.each<[string, readonly AnyTool[], Policy]>([
    ['users', all, ruleOfTwo({ untrusted: ['user'] })],
    ['what is internal', all, ruleOfTwo({ sensitive: ['internal'] })],
  ])('a ruleOfTwo about %s alone does not stand between strangers and private data', (_, tools, rule) => {
    expect(warnings(tools, rule, open('refund'))).toEqual([expect.stringContaining('without a person (refund)')])
  })

  test('of the tools under a ruleOfTwo, only those that it excepts run with nobody asked', () => {
    const tools = [...all, named('note', 'unsafe')]
    const found = warnings(tools, ruleOfTwo({ except: ['refund'] }), open('refund', 'note'))
    expect(found).toEqual([expect.stringContaining('without a person (refund)')])
    expect(warnings(tools, allOf(ruleOfTwo({ except: ['refund'] })), open('refund', 'note'))).toEqual(found)
    expect(warnings(all, ruleOfTwo({ except: ['other'] }), open('refund'))).toEqual([])
    expect(
      warnings(all, ruleOfTwo({ except: ['refund'] }), requireApproval({ tools: ['refund'], reason: 'x' })),
    ).toEqual([])
  })

  test('a ruleOfTwo that asks about more than external and private is fine', () => {
    const rule = ruleOfTwo({ untrusted: ['external', 'user'], sensitive: ['private', 'internal'] })
    expect(warnings(all, rule, open('refund'))).toEqual([])
    expect(warnings([readTicket, refund], rule, open('refund'))).toEqual([])
  })

  test('a ruleOfTwo that can never ask is said to be one', () => {
    expect(warnings([readTicket, refund], ruleOfTwo(), open('refund'))).toEqual([
      expect.stringContaining('none of its tools is declared private'),
    ])
  })
})

test('pawl tools shows trust and egress', () => {
  const rows = toolRows(desk([readTicket, fetchUrl], []), defaultLimits)
  expect(rows.map(({ trust, egress }) => [trust, egress])).toEqual([
    ['external', false],
    ['tool', true],
  ])
  const lines = renderTools(rows, [], { style: createStyle(false), width: 100, textWidth: 100 })
  expect(lines[1]).toMatch(/read_ticket +read +internal +external/)
  expect(lines[2]).toMatch(/fetch_url +read, egress +internal +tool/)
})
