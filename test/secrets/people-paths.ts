/** What policies and people say, and credentials of a known form. */
import { type AnyTool, type Policy, tool } from 'pawl'
import { z } from 'zod'
import type { Canaries } from './canaries.ts'

export const policyPaths: readonly string[] = ['denial', 'reason of a hold', 'who is asked', 'policy that throws']

export const peoplePaths: readonly string[] = [
  'answer of a person',
  'who answers',
  'edited input',
  'reason of a vote',
  'later message',
  'reason of a cancel',
  'closing',
  'context',
  'id of a command',
]

/** Of this one only the beginning is left where its output does not fit. */
export const CUT_SETTLEMENT = 'cut in a settlement'

export const settlePaths: readonly string[] = ['output of a settlement', 'reason of a settlement', CUT_SETTLEMENT]

/** Kept in the log as it runs, and masked in every view. */
export const SENSITIVE_INPUT = 'sensitive field of an input'

const NAMES = ['deny', 'hold', 'throw', 'tokens'] as const

/** One tool for each way in which a policy speaks; the last says tokens that no secret is made of. */
export function policyTools(known: readonly AnyTool[]): readonly AnyTool[] {
  const made = NAMES.map((name) =>
    tool({
      name,
      description: name,
      effect: 'read',
      input: z.looseObject({}),
      sensitive: ['/card'],
      run: () => 'never',
    }),
  )
  return [...known, ...made]
}

export function leakingPolicies(canaries: Canaries): readonly Policy[] {
  const c = (path: string) => canaries.of(path)
  const check: Policy['check'] = ({ call }) => {
    switch (call.tool) {
      case 'deny':
        return { type: 'deny', reason: 'no', message: `not with ${c('denial')}` }
      case 'hold':
        return {
          type: 'require_approval',
          reason: `holds ${c('reason of a hold')}`,
          ask: `whoever knows ${c('who is asked')}`,
        }
      case 'throw':
        throw new Error(`policy: ${c('policy that throws')}`)
      case 'tokens':
        return { type: 'deny', reason: 'no', message: Object.values(tokens(canaries)).join(' ') }
      default:
        return { type: 'allow' }
    }
  }
  return [{ name: 'leaking', version: '1', tools: '*', check }]
}

/** Credentials of the forms that are known; no secret of the runtime holds them. */
export function tokens(canaries: Canaries): Readonly<Record<string, string>> {
  const letters = (path: string, count: number) => lettersOf(canaries.of(path)).repeat(20).slice(0, count)
  return {
    pasted: `ghp_${letters('token: pasted by a user', 36)}`,
    aws: `AKIA${letters('token: AWS', 200)
      .toUpperCase()
      .replaceAll(/[^A-Z2-7]/g, '')
      .slice(0, 16)}`,
    stripe: `sk_live_${letters('token: Stripe', 24)}`,
    anthropic: `sk-ant-api03-${letters('token: Anthropic', 60)}`,
    bearer: `Bearer ${letters('token: bearer', 30)}1`,
    url: `https://me:${letters('token: password of a URL', 18)}@example.com`,
    jwt: `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${letters('token: JWT', 30)}`,
  }
}

function lettersOf(value: string): string {
  return value.replaceAll(/[^A-Za-z0-9]/g, '')
}

/** What shows a token: part of it, long enough to occur nowhere else. */
export function tokenTraces(canaries: Canaries): ReadonlyMap<string, string> {
  const { pasted, aws, stripe, anthropic, bearer, url, jwt } = tokens(canaries)
  const traces: readonly (readonly [string, string | undefined])[] = [
    ['token: pasted by a user', pasted],
    ['token: AWS', aws],
    ['token: Stripe', stripe],
    ['token: Anthropic', anthropic],
    ['token: bearer', bearer?.slice(7)],
    ['token: password of a URL', url?.slice(11, 29)],
    ['token: JWT', jwt?.slice(-30)],
  ]
  return new Map(traces.flatMap(([path, trace]) => (trace === undefined ? [] : [[path, trace] as const])))
}
