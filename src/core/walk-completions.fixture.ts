/** What may come of an action in a walk: what models answer, what policies say, what tools and their verification tell. */
import type { Action } from './answer.ts'
import type { Command } from './command.ts'
import { call, modelAnswer, modelFailure, outcomeOf, text, unreadableCall, verdictOf } from './log.fixture.ts'
import { isControlTool } from './plan/control-tools.ts'
import type { State } from './state.ts'
import type { EffectClass, Outcome, Verdict } from './vocabulary.ts'
import { memoryAnswerOf } from './walk-memory.fixture.ts'
import { plannedAnswerOf, reviewOf } from './walk-plans.fixture.ts'

/** `how` chooses among what is possible. */
export function completionOf(state: State, action: Action | undefined, how: number): Command | null {
  switch (action?.type) {
    case undefined:
      return null
    case 'decide': {
      const { taskId, turn, attempt } = action
      if (action.mode === 'abort')
        return ofTask(taskId, modelFailure({ turn, attempt, code: 'aborted', retryable: false }))
      if (how % 7 === 0)
        return ofTask(taskId, modelFailure({ turn, attempt, jitter: (how % 10) / 10, retryable: how % 5 !== 0 }))
      const usage = how % 6 === 0 ? null : { inputTokens: 40, outputTokens: 20 }
      const said =
        memoryAnswerOf(state, taskId, how) ?? plannedAnswerOf(state, taskId, how) ?? answers[how % answers.length] ?? []
      return ofTask(taskId, modelAnswer(said, { turn, attempt, usage }))
    }
    case 'judge': {
      const { callId, judgementNumber } = action
      const tool = state.calls.get(callId)?.tool ?? ''
      return { type: 'record_verdict', callId, judgementNumber, judgement: judgementOf(callId, tool, how) }
    }
    case 'call': {
      const { callId, attempt } = action
      const outcome = outcomes[how % outcomes.length]
      const certain = how % 5 === 0 && outcome?.type !== 'ok' ? ({ tookEffect: false } as const) : {}
      const kept = how % 3 === 0 && outcome?.type === 'ok' ? { artifact: artifacts[how % 2] ?? artifacts[0] } : {}
      return outcomeOf(callId, outcome, { attempt, jitter: (how % 10) / 10, ...certain, ...kept })
    }
    case 'verify': {
      const { callId, attempt } = action
      const found = [
        { type: 'took_effect', report: { outcome: { type: 'ok', output: 'verified' }, trust: 'tool' } },
        { type: 'did_not_take_effect' },
        { type: 'unknown', message: 'away' },
      ] as const
      return { type: 'record_outcome', of: { type: 'verify', callId, attempt, found: found[how % 3] ?? found[1] } }
    }
    case 'review':
      return reviewOf(action.version, how)
    case 'check':
      return {
        type: 'record_check',
        taskId: action.taskId,
        attempt: action.attempt,
        problem: how % 4 === 0 ? 'no' : null,
      }
    case 'process':
      return patchOf(action, how)
    case 'recall': {
      const { taskId, messageSeq, throughSeq } = action
      const passages = [{ seq: 2, text: 'said before', trust: 'user' as const }]
      return { type: 'record_recall', taskId, messageSeq, throughSeq, query: 'go', passages }
    }
    case 'resolve': {
      const { taskId, attempt, version } = action
      const read = { type: 'record_input', taskId, attempt, version } as const
      if (how % 5 === 0) return { ...read, problem: 'it was erased' }
      const isArray = state.plan?.nodes.get(taskId)?.task.forEach !== undefined
      return { ...read, ...(isArray ? { items: [1, 2] } : { input: { n: how } }) }
    }
  }
}

function patchOf({ callId, attempt }: Extract<Action, { type: 'process' }>, how: number): Command {
  if (how % 5 === 0) return { type: 'record_patch', callId, attempt, problem: 'it threw' }
  const facts = Array.from({ length: how % 4 }, (_, index) => ({
    key: `k${(how + index) % 7}`,
    value: how,
    priority: how % 101,
  }))
  const questions = how % 3 === 0 ? ['Which?'] : []
  return { type: 'record_patch', callId, attempt, patch: { append_known_facts: facts, open_questions: questions } }
}

type Reported = ReturnType<typeof modelAnswer> | ReturnType<typeof modelFailure>

function ofTask(taskId: string, reported: Reported): Command {
  return { ...reported, of: { ...reported.of, taskId } }
}

const artifacts = [
  { hash: 'a'.repeat(64), mediaType: 'application/json', bytes: 20_000 },
  { hash: 'b'.repeat(64), mediaType: 'application/json', bytes: 90_000 },
] as const

const tools: { readonly [tool: string]: { readonly effect: EffectClass; readonly verifies: boolean } } = {
  look: { effect: 'read', verifies: false },
  put: { effect: 'idempotent', verifies: false },
  pay: { effect: 'unsafe', verifies: false },
  ship: { effect: 'unsafe', verifies: true },
}

const answers = [
  [text('done')],
  [call('look'), call('look'), call('pay', { usd: 1 })],
  [call('pay', { usd: 1 }), call('ship'), call('look')],
  [text('let me see'), call('put', { row: 1 }), call('pay', { usd: 1 })],
  [unreadableCall('pay'), call('ship'), call('ask_human')],
  Array.from({ length: 9 }, () => call('look')),
  [],
]

export const outcomes: readonly Outcome[] = [
  { type: 'ok', output: { n: 1 } },
  { type: 'ok', output: null },
  { type: 'retryable_error', message: 'busy' },
  { type: 'terminal_error', message: 'no' },
  { type: 'cancelled' },
]

function judgementOf(
  callId: string,
  tool: string,
  how: number,
): Extract<Command, { type: 'record_verdict' }>['judgement'] {
  if (tool === 'ask_human')
    return { type: 'question', question: { text: 'Which?', options: how % 2 === 0 ? [] : ['A', 'B'] } }
  if (isControlTool(tool)) return { type: 'control' }
  const { effect = 'read', verifies = false } = tools[tool] ?? {}
  if (how % 17 === 0) return { type: 'invalid', reason: 'invalid_input', message: 'no', effect }
  const said: Verdict =
    how % 13 === 0
      ? { type: 'deny', reason: 'policy' }
      : how % 5 === 0
        ? {
            type: 'require_approval',
            reason: 'threshold',
            quorum: 1 + (how % 2),
            notRequester: how % 4 === 0,
            expiresAfterMs: 60_000,
          }
        : { type: 'allow' }
  return verdictOf(callId, said, {
    effect,
    verifies,
    retries: 1,
    effectHash: `effect of ${tool}`,
    repeat: how % 2 === 0 ? 'ask' : 'allow',
  })
}
