/** What models, tools and people may answer in a random session with memory. The numbers choose. */
import type { Action } from '../answer.ts'
import type { Command } from '../command.ts'
import type { Json } from '../json.ts'
import { call, modelAnswer, modelFailure, outcomeOf, text, unreadableCall, verdictOf } from '../log.fixture.ts'
import type { AssistantPart } from '../message.ts'
import { isControlTool } from '../plan/control-tools.ts'
import { ROOT_TASK, type State } from '../state.ts'
import type { Outcome } from '../vocabulary.ts'
import { isOfMemory } from './purposes.ts'

/** `size`: characters of texts and results. `off`: how far the provider's count is off the estimate. */
export type Chance = { readonly how: number; readonly size: number; readonly off: number }

export function answerTo(state: State, action: Action, chance: Chance): Command {
  const { how, size } = chance
  switch (action.type) {
    case 'decide':
      return modelSays(state, action, chance)
    case 'judge':
      return judged(state, action, how)
    case 'call':
      return ranAs(state, action, chance)
    case 'verify':
      return {
        type: 'record_outcome',
        of: { type: 'verify', callId: action.callId, attempt: action.attempt, found: { type: 'did_not_take_effect' } },
      }
    case 'review': {
      const { version } = action
      return { type: 'record_review', version, problems: [], warnings: [], planHash: `plan ${version}` }
    }
    case 'check':
      return { type: 'record_check', taskId: action.taskId, attempt: action.attempt, problem: null }
    case 'process': {
      const { callId, attempt } = action
      if (how % 5 === 0) return { type: 'record_patch', callId, attempt, problem: 'it threw' }
      return { type: 'record_patch', callId, attempt, patch: patchOf(how, size) }
    }
    case 'recall': {
      const { taskId, messageSeq, throughSeq } = action
      const passages = [{ seq: 2, text: 'p'.repeat(size % 1_000), trust: 'user' as const }]
      return { type: 'record_recall', taskId, messageSeq, throughSeq, query: 'go', passages }
    }
    case 'resolve': {
      const { taskId, attempt, version } = action
      return { type: 'record_input', taskId, attempt, version, input: { read: how } }
    }
  }
}

type Of<T extends Action['type']> = Extract<Action, { type: T }>

function modelSays(state: State, { taskId, turn, attempt, mode }: Of<'decide'>, { how, size, off }: Chance): Command {
  const as = (said: ReturnType<typeof modelAnswer> | ReturnType<typeof modelFailure>): Command => ({
    ...said,
    of: { ...said.of, taskId },
  })
  if (mode === 'abort') return as(modelFailure({ turn, attempt, code: 'aborted', retryable: false }))
  if (how % 13 === 0) return as(modelFailure({ turn, attempt }))
  const task = state.tasks.get(taskId)
  const purpose = task?.purpose ?? 'decide'
  const estimated = (task?.model?.reserved.tokens ?? 0) - (task?.model?.reserved.maxOutputTokens ?? 0)
  const usage = off === 0 ? null : { inputTokens: Math.ceil(estimated * off), outputTokens: 10 }
  const parts = isOfMemory(purpose)
    ? [text(how % 4 === 0 ? 'none' : JSON.stringify(memoryAnswer(purpose, how, size)))]
    : turnOf(state, taskId, { how, size, off })
  return as(modelAnswer(parts, { turn, attempt, usage }))
}

export function memoryAnswer(purpose: 'process' | 'compress' | 'summarize', how: number, size: number): Json {
  if (purpose === 'process') return patchOf(how, size)
  if (purpose === 'compress') return { points: ['one', 'o'.repeat(1 + (size % 600))] }
  return { asked: ['a refund'], done: ['s'.repeat(1 + (size % 6_000))] }
}

function patchOf(how: number, size: number): Json {
  const facts = Array.from({ length: how % 3 }, (_, index) => ({
    key: `k${(how + index) % 9}`,
    value: 'f'.repeat(size % 400),
    priority: how % 101,
  }))
  return { append_known_facts: facts, ...(how % 7 === 0 && { open_questions: [`Which of ${how % 3}?`] }) }
}

function turnOf({ route }: State, taskId: string, { how, size }: Chance): readonly AssistantPart[] {
  const looks = Array.from({ length: 1 + (how % 4) }, (_, index) => call('look', { at: index, why: 'w'.repeat(how) }))
  const isStepped = route?.route === 'plan' && taskId === ROOT_TASK
  switch (how % 8) {
    case 0:
      return [text('a'.repeat(1 + (size % 3_000)))]
    case 1:
      return [text('let me see'), ...looks, call('pay', { usd: how })]
    case 2:
      return [unreadableCall('look'), call('ask_human')]
    case 3:
      return isStepped ? [call('update_plan', { step: 1 + (how % 3), status: 'in_progress' }), ...looks] : looks
    case 4:
      return isStepped ? [call('delegate', { name: 'a part', brief: 'b'.repeat(1 + (size % 500)) })] : looks
    default:
      return looks
  }
}

function judged(state: State, { callId, judgementNumber }: Of<'judge'>, how: number): Command {
  const tool = state.calls.get(callId)?.tool ?? ''
  const record = { type: 'record_verdict', callId, judgementNumber } as const
  if (tool === 'ask_human')
    return { ...record, judgement: { type: 'question', question: { text: 'Which?', options: [] } } }
  if (isControlTool(tool)) return { ...record, judgement: { type: 'control' } }
  if (tool !== 'pay') {
    const trust = how % 3 === 0 ? ({ trust: 'external' } as const) : {}
    return { ...record, judgement: verdictOf(callId, { type: 'allow' }, { effect: 'read', ...trust }) }
  }
  const held = { type: 'require_approval', reason: 'threshold', quorum: 1, expiresAfterMs: 60_000 } as const
  return { ...record, judgement: verdictOf(callId, how % 2 === 0 ? { type: 'allow' } : held, { effect: 'unsafe' }) }
}

function ranAs(state: State, { callId, attempt }: Of<'call'>, { how, size }: Chance): Command {
  const trust = state.calls.get(callId)?.terms?.trust ?? 'tool'
  const failures: readonly Outcome[] = [
    { type: 'retryable_error', message: 'e"'.repeat(size % 500) },
    { type: 'terminal_error', message: 'no' },
  ]
  const outcome = how % 9 === 0 ? failures[how % 2] : undefined
  if (outcome !== undefined) return outcomeOf(callId, outcome, { attempt, trust })
  const output = how % 2 === 0 ? { rows: 'r'.repeat(size) } : 'line "of" it\n'.repeat(Math.floor(size / 12))
  const artifact = { hash: `${how}`.padStart(64, '0'), mediaType: 'application/json', bytes: 90_000 }
  const views = how % 10 === 0 ? { presented: { short: 'p'.repeat(size % 900) } } : {}
  return outcomeOf(callId, { type: 'ok', output }, { attempt, trust, ...views, ...(how % 4 === 0 && { artifact }) })
}
