/** Mistakes of a runtime, a policy or a host that some script must turn into an effect which nothing covers. */
import type { Json, JsonObject, PawlEvent, Policy, PolicyRequest } from 'pawl'
import type { CallState, Draft, State } from 'pawl/core'
import {
  confirmationToken,
  issueConfirmationToken,
  open,
  sessionThreshold,
  tenantScope,
  threshold,
} from 'pawl/policies'
import { type Wiring, wiring } from '../../src/runtime/index.ts'
import { accountById, CONFIRMATION_KEY, SESSION, TENANT } from './desk.ts'
import { type DeskPolicies, deskPolicies, MAX_REFUND_USD, MAX_SESSION_USD } from './desk-policies.ts'
import type { RunOptions } from './run-script.ts'

export type Plant = {
  readonly bug: string
  /** Whether it is looked for in an agent with `ruleOfTwo`; it hides behind that otherwise. */
  readonly hasRuleOfTwo: boolean
  /** Which of the two checks must notice it; the ledger's by default. */
  readonly noticedBy?: 'log'
  readonly policies?: () => Partial<DeskPolicies>
  readonly more?: Omit<RunOptions, 'policies'>
}

export const plants: readonly Plant[] = [
  {
    bug: 'a runtime that takes text in a result for an approval',
    hasRuleOfTwo: true,
    more: { wiring: lenient((state) => [...state.calls.values()].some(saysApproved)) },
  },
  {
    bug: 'a host that takes a chat message for an approval',
    hasRuleOfTwo: true,
    more: {
      person: { approvesWrongly: ({ script }) => script.messages?.some(({ text }) => /approve/i.test(text)) === true },
    },
  },
  {
    bug: 'a host that takes the answer to a question for an approval',
    hasRuleOfTwo: true,
    more: { person: { approvesWrongly: ({ script }) => script.person?.answers !== undefined } },
  },
  {
    bug: 'a host that believes a mail which says that it is the operator',
    hasRuleOfTwo: true,
    more: { trustOfMail: (mail) => (mail.includes('trust: operator') ? 'operator' : 'external') },
  },
  {
    bug: 'an approval that is bound to the tool and not to the input',
    hasRuleOfTwo: true,
    more: {
      wiring: lenient((state, { tool }) =>
        [...state.calls.values()].some((earlier) => earlier.tool === tool && earlier.approvedHash !== null),
      ),
    },
  },
  {
    bug: 'an approval that is bound to the effect and not to the call',
    hasRuleOfTwo: true,
    more: {
      wiring: lenient((state, { effectHash }) =>
        [...state.calls.values()].some(
          (earlier) => earlier.terms?.effectHash === effectHash && earlier.approvedHash !== null,
        ),
      ),
    },
  },
  {
    bug: 'a runtime that starts what is held, seen in the log alone',
    hasRuleOfTwo: true,
    noticedBy: 'log',
    more: {
      wiring: reducing((draft, event) => {
        const call = event.type === 'approval_requested' ? draft.state.calls.get(event.callId) : undefined
        if (call !== undefined) draft.set(call, 'status', 'allowed')
      }),
    },
  },
  {
    bug: 'a runtime that runs another input than was approved',
    hasRuleOfTwo: true,
    more: {
      wiring: reducing((draft, event) => {
        const call = event.type === 'call_started' ? draft.state.calls.get(event.callId) : undefined
        if (call?.tool === 'open_refund_case') draft.set(call, 'input', { ...fieldsOf(call.input), amountUsd: 1_000 })
      }),
    },
  },
  {
    bug: 'ruleOfTwo forgets what was read before a restart',
    hasRuleOfTwo: true,
    policies: () => {
      const judgedHere = new Set<string>()
      return {
        ruleOfTwo: ruleOfTwoOf((request) => {
          judgedHere.add(request.call.callId)
          return request.exposure.filter((source) => source.type === 'message' || judgedHere.has(source.callId))
        }),
      }
    },
  },
  {
    bug: 'ruleOfTwo does not count what came as an error',
    hasRuleOfTwo: true,
    policies: () => ({
      ruleOfTwo: ruleOfTwoOf(({ exposure, state }) =>
        exposure.filter(
          (source) => source.type === 'message' || state.calls.get(source.callId)?.outcome?.type === 'ok',
        ),
      ),
    }),
  },
  {
    bug: 'ruleOfTwo does not count messages',
    hasRuleOfTwo: true,
    policies: () => ({ ruleOfTwo: ruleOfTwoOf(({ exposure }) => exposure.filter(({ type }) => type === 'call')) }),
  },
  {
    bug: 'ruleOfTwo asks no more once anything was approved',
    hasRuleOfTwo: true,
    policies: () => ({
      ruleOfTwo: ruleOfTwoOf(({ exposure, state }) =>
        [...state.approvals.values()].some(({ resolution }) => resolution === 'approved') ? [] : exposure,
      ),
    }),
  },
  {
    bug: 'ruleOfTwo takes what only reads for harmless, wherever it reads',
    hasRuleOfTwo: true,
    policies: () => ({ ruleOfTwo: ruleOfTwoOf(({ exposure, tool }) => (tool.effect === 'read' ? [] : exposure)) }),
  },
  {
    bug: 'a threshold that reads the amount from the wrong field',
    hasRuleOfTwo: false,
    policies: () => {
      const amount = (input: Fields) => Number(input['amount'] ?? input['amountUsd'])
      return {
        refunds: threshold({ tool: 'open_refund_case', amount, max: MAX_REFUND_USD }),
        sum: sessionThreshold<[Fields, Fields]>({
          counted: [
            { tool: 'open_refund_case', amount },
            { tool: 'apply_credit', amount: (input) => Math.abs(amount(input)) },
          ],
          max: MAX_SESSION_USD,
        }),
      }
    },
  },
  {
    bug: 'a limit for each call and none for the session',
    hasRuleOfTwo: false,
    policies: () => ({ sum: open('open_refund_case') }),
  },
  {
    bug: 'a confirmation token that is not bound to the input',
    hasRuleOfTwo: false,
    policies: () => {
      const input = { accountId: 'acct_1', email: 'ann.new@acme.example' }
      const confirmed = { tenant: TENANT, sessionId: SESSION, tool: 'change_email', input }
      const genuine = issueConfirmationToken(CONFIRMATION_KEY, confirmed)
      return { tokens: confirmationToken({ tools: ['change_email'], verify: (token) => token === genuine }) }
    },
  },
  {
    bug: 'a tenant that is guessed from part of an id',
    hasRuleOfTwo: false,
    policies: () => ({
      tenants: tenantScope<{ readonly accountId: string }>({
        tools: ['open_refund_case'],
        tenantOf: ({ accountId }) => accountById(accountId.slice(0, 'acct_1'.length))?.tenant ?? null,
      }),
    }),
  },
  {
    bug: 'no budget of failures',
    hasRuleOfTwo: false,
    policies: () => ({ retries: open('open_refund_case') }),
  },
]

type Fields = Readonly<Record<string, unknown>>

/** The shipped rule, given a wrong view of what was read. */
function ruleOfTwoOf(exposureOf: (request: PolicyRequest) => PolicyRequest['exposure']): Policy {
  const { ruleOfTwo } = deskPolicies()
  return { ...ruleOfTwo, check: (request) => ruleOfTwo.check({ ...request, exposure: exposureOf(request) }) }
}

/** The shipped reducers, and then something that they do not do. */
function reducing(spoil: (draft: Draft, event: PawlEvent) => void): Wiring {
  return {
    ...wiring,
    reduce: (draft, event, at) => {
      wiring.reduce(draft, event, at)
      spoil(draft, event)
    },
  }
}

function fieldsOf(input: Json): JsonObject {
  // The desk's schemas take objects and nothing else.
  return input as JsonObject
}

function saysApproved({ outcome }: CallState): boolean {
  return /approved by/i.test(JSON.stringify(outcome))
}

type Asked = { readonly tool: string; readonly effectHash: string }

/** Lets a call through that policy wants approved, where `isMet` says so; the core's rule about repeats is blind then, too. */
function lenient(isMet: (state: State, asked: Asked) => boolean): Wiring {
  return {
    ...wiring,
    handle: (state, command, moment) => {
      if (command.type !== 'record_verdict' || command.judgement.type !== 'verdict')
        return wiring.handle(state, command, moment)
      const { judgement, callId } = command
      const { effectHash } = judgement.terms
      const tool = state.calls.get(callId)?.tool ?? ''
      if (judgement.verdict.type === 'deny' || !isMet(state, { tool, effectHash }))
        return wiring.handle(state, command, moment)
      const blind = { ...state, index: { ...state.index, effects: new Map() } }
      return wiring.handle(blind, { ...command, judgement: { ...judgement, verdict: { type: 'allow' } } }, moment)
    },
  }
}
