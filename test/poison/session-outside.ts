/** The outside of a poisoned session: what its model, tools and policies answer, turn by turn, by chance of the seed. */
import type { ModelResponse } from '../../src/core/index.ts'
import { aiSdk } from '../../src/models/ai-sdk.ts'
import { type Model, ModelRequestError, ToolError } from '../../src/ports/index.ts'
import { type Chance, chanceOf } from '../../src/testing/simulator/chance.ts'
import { streaming, streamOf } from './adapter-case.ts'
import { pickOf } from './generate-text.ts'
import { hostileText, hostileValue } from './generate-value.ts'
import { controlCalls, hostileAnswer, hostileMove, plansOfCase } from './hostile-plans.ts'
import { type SavedSession, savedSessions } from './saved-sessions.ts'
import type { Outside } from './session-world.ts'

/** Poisoned turns of a session; the turn after them ends it. */
const POISONED_TURNS = 5

/** Session ids of poisoned sessions end in their seed; a probe's does not, and gets honest answers. */
export const PROBE = 'probe'

export function outsideOf(seed: number): Outside {
  const saved = savedSessions[seed]
  const made = saved === undefined ? outsideByChance(seed) : savedOutside(saved)
  const poisonedTurns = saved === undefined ? POISONED_TURNS : 1
  let answers = 0
  const generate: Model['generate'] = async (request, options) => {
    const { turn, sessionId } = request
    if (sessionId === PROBE || turn > poisonedTurns) return answer([{ type: 'text', text: 'done' }])
    answers += 1
    return made.model.generate(request, options)
  }
  const plans = saved === undefined ? plansOfCase(chanceOf(seed * 10 + 3)) : null
  return { ...made, plans, model: { ...made.model, generate }, answers: () => answers }
}

type Poisons = Omit<Outside, 'answers' | 'plans'>

function savedOutside({ parts, output = () => null }: SavedSession): Poisons {
  const generate: Model['generate'] = async () => answer(parts())
  const view = () => ({ shown: 'x'.repeat(250_000) })
  const verdict = () => ({ type: 'allow' })
  return { model: { id: 'saved', price: null, generate }, run: output, view, verdict, question: () => null }
}

function outsideByChance(seed: number): Poisons {
  let asked = 0
  const chance = () => {
    asked += 1
    return chanceOf(seed * 1_000 + asked)
  }
  return {
    model: poisonedModel(seed),
    run: (input) => runOf(chanceOf(seed * 1_000 + 500 + Number(input['n'] ?? 0))),
    view: () => hostileValue(chance()),
    verdict: () => verdictOf(chance()),
    question: () => questionOf(chance()),
  }
}

function poisonedModel(seed: number): Model {
  return {
    id: 'poison',
    price: { inputMicroUsdPerMTok: 1_000, outputMicroUsdPerMTok: 1_000 },
    async generate(request, options) {
      const { turn, attempt, purpose = 'decide' } = request
      // A second attempt may get another answer, as with a model.
      const chance = chanceOf(seed * 100_000 + turn * 10 + attempt)
      const kind = chance.below(10)
      if (kind === 0) return aiSdk(streaming(streamOf(chance))).generate(request, options)
      // Whatever an adapter of somebody else gives, against its types.
      if (kind === 1) return garbled(chance) as unknown as ModelResponse
      if (kind === 2) throw thrownByModel(chance)
      if (purpose !== 'decide') return answer([{ type: 'text', text: hostileAnswer(chance, purpose) }])
      if (request.mustCall === 'plan' && chance.happens(0.7)) return answer([STEPS])
      return answer(callsOf(chance, turn))
    },
  }
}

function answer(parts: ModelResponse['parts']): ModelResponse {
  return { parts, finish: 'stop', usage: { inputTokens: 10, outputTokens: 10 } }
}

/** Without a plan a flexible session never gets to its other calls. */
const STEPS: ModelResponse['parts'][number] = {
  type: 'call',
  providerCallId: 'plan',
  tool: 'plan',
  input: { goal: 'two steps', steps: [{ name: 'one' }, { name: 'two' }] },
}

const usages = [null, undefined, 'many', -1, Number.NaN, 1e300, 2 ** 53, 12n, {}]

function garbled(chance: Chance): unknown {
  const parts = chance.happens(0.2) ? hostileValue(chance) : [...callsOf(chance, 9), ...oddParts(chance)]
  const tokens = { inputTokens: pickOf(chance, [10, ...usages]), outputTokens: pickOf(chance, [10, ...usages]) }
  const usage = chance.happens(0.3)
    ? pickOf(chance, usages)
    : { ...tokens, [hostileText(chance)]: hostileValue(chance) }
  const finish = chance.happens(0.5) ? 'stop' : hostileValue(chance)
  return chance.happens(0.05) ? hostileValue(chance) : { parts, finish, usage, requestId: hostileValue(chance) }
}

function oddParts(chance: Chance): readonly unknown[] {
  const providerData = hostileValue(chance)
  return [
    pickOf(chance, [
      { type: 'reasoning', text: hostileText(chance), providerData },
      { type: 'other', kind: hostileText(chance), providerData },
      { type: hostileText(chance), text: 'a part of no known type', providerData },
      {
        type: 'invalid_call',
        providerCallId: '',
        tool: hostileText(chance),
        inputText: hostileText(chance),
        problem: hostileText(chance),
      },
      { type: 'text', text: hostileValue(chance) },
      hostileValue(chance),
    ]),
  ]
}

const tools = [
  'echo',
  'echo',
  'view',
  'view',
  'typed',
  'pay',
  'pay',
  'pay',
  'pay',
  'put',
  'put',
  'ask',
  'strict',
  'strict',
  ...controlCalls,
  'nobody',
  '__proto__',
  'constructor',
  'toString',
  'есho',
  '',
] as const

function callsOf(chance: Chance, turn: number): ModelResponse['parts'] {
  const count = chance.happens(0.02) ? 1 + chance.below(60) : 1 + chance.below(3)
  const calls = Array.from({ length: count }, (_, index) => ({
    type: 'call' as const,
    providerCallId: pickOf(chance, ['same', '', `p${index}`, hostileText(chance)]),
    tool: chance.happens(0.1) ? `${'x'.repeat(chance.below(250))}${hostileText(chance)}` : chance.pick(tools),
    // An adapter that gives no JSON breaks its promise, and the border has to notice.
    input: (chance.happens(0.5) ? { n: turn * 10 + index } : inputOf(chance)) as never,
  }))
  return chance.happens(0.3) ? [{ type: 'text', text: hostileText(chance) }, ...calls] : calls
}

function inputOf(chance: Chance): unknown {
  if (chance.happens(0.2)) return hostileMove(chance)
  if (chance.happens(0.4)) return hostileValue(chance)
  const long = `${'W'.repeat(chance.below(90))}😀${hostileText(chance)}`
  return {
    id: pickOf(chance, [long, `${'W1'.repeat(20)}!`]),
    kind: pickOf(chance, [long, 'red']),
    [hostileText(chance)]: 1,
  }
}

function runOf(chance: Chance): unknown {
  const kind = chance.below(5)
  if (kind === 0) throw hostileValue(chance)
  if (kind === 1)
    throw new ToolError(hostileText(chance), chance.happens(0.5) ? { tookEffect: false } : { retryable: true })
  if (kind === 2) throw new Error(hostileText(chance).repeat(3))
  return hostileValue(chance)
}

function thrownByModel(chance: Chance): unknown {
  const message = hostileText(chance)
  const retryAfterMs = pickOf(
    chance,
    chance.happens(0.002) ? [1e308, Number.POSITIVE_INFINITY] : [0, 5, -1, Number.NaN, 1.5],
  )
  const retryable = chance.happens(0.7)
  return pickOf(chance, [
    () => hostileValue(chance),
    () => new ModelRequestError('http_429', message, { retryable, retryAfterMs }),
    () => new ModelRequestError(message, message, { retryable }),
    () => new Error(message),
  ])()
}

function verdictOf(chance: Chance): unknown {
  const said = { reason: hostileText(chance), message: hostileText(chance) }
  const expiresAfterMs = pickOf(chance, [undefined, 1, 60_000, Number.MAX_SAFE_INTEGER, -1, Number.NaN])
  const verdict = pickOf(chance, [
    ...Array.from({ length: 6 }, () => ({ type: 'allow' })),
    { type: 'allow', more: hostileValue(chance) },
    { type: 'deny', ...said },
    { type: 'require_approval', ...said, quorum: pickOf(chance, [1, 2, 0, Number.NaN, undefined]), expiresAfterMs },
    hostileValue(chance),
  ])
  if (chance.happens(0.1)) throw verdict
  return chance.happens(0.3) ? Promise.resolve().then(() => verdict) : verdict
}

function questionOf(chance: Chance): unknown {
  return pickOf(chance, [
    { text: hostileText(chance), options: [] },
    { text: hostileText(chance), options: ['a', hostileText(chance)], field: hostileValue(chance) },
    { text: 'Which?', options: [] },
    hostileValue(chance),
  ])
}
