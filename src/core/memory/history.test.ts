import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PawlEvent } from '../event.ts'
import type { Message } from '../message.ts'
import { next } from '../next.ts'
import type { State, TaskState } from '../state.ts'
import {
  folded,
  messagesFor,
  type Plant,
  type Played,
  play,
  type Session,
  type Shown,
  STATIC_TOKENS,
  sessions,
} from './history.fixture.ts'

/** The same sessions in every run: a new one is found by raising RUNS, and stays by its seed. */
const RUNS = 60
const SEED = 20_261_122

/** Whatever is wrong with a session, in words; empty: nothing. */
function problemsOf(session: Session, plant: Plant, look: (played: Played) => void = () => {}): readonly string[] {
  let played: Played
  try {
    played = play(session, plant)
    look(played)
  } catch (problem) {
    return [String(problem)]
  }
  return [
    ...played.shown.flatMap((shown, index) => [
      ...partedCalls(shown),
      ...lostPlan(shown, session),
      ...overLimit(shown, session),
      ...lostMessage(shown),
      // A refold of each is as long as the session.
      ...(index % 4 === 0 ? otherwiseRendered(shown, plant) : []),
    ]),
    ...unsaidCompactions(played),
    ...tooManySummaries(played),
  ]
}

/** Behind an answer with calls stand their results, each once and in their order, and nowhere else. */
function partedCalls({ messages }: Shown): readonly string[] {
  const problems: string[] = []
  let due: string[] = []
  for (const message of messages) {
    if (message.role === 'tool') {
      if (due.shift() !== message.tool) problems.push(`a result of ${message.tool} without its call`)
      continue
    }
    if (due.length > 0) problems.push(`calls without results: ${due.join()}`)
    due = message.role === 'assistant' ? message.parts.flatMap((part) => ('tool' in part ? [part.tool] : [])) : []
  }
  return due.length > 0 ? [...problems, `calls without results: ${due.join()}`] : problems
}

/** A flexible plan of which anything is left stands in the session's own prompts, and a task's prompt begins with what it is. */
function lostPlan({ messages, started, log }: Shown, { work }: Session): readonly string[] {
  const texts = messages.flatMap((message) => (message.role === 'user' ? [message.text] : []))
  if (started.taskId === 'root') {
    const isOpen = work === 'flexible' && folded(log).route?.route === 'plan'
    return !isOpen || texts.some((text) => text.startsWith('[PLAN]') && text.includes('refunded')) ? [] : ['no plan']
  }
  return texts[0]?.includes('[TASK]') === true ? [] : [`${started.taskId} is not told what it is`]
}

/** What every message costs on the wire, and every token: the terms of the estimate. */
const MESSAGE_CHARACTERS = 24
const TOKEN_CHARACTERS = 4
const MOST_OFF = 4
/** Nothing is cut shorter than this. */
const SHORTEST = 400

/** Never over the limit; unless one turn alone is left, of which everything is cut as short as it may be. */
function overLimit({ messages, started, log }: Shown, { memory }: Session): readonly string[] {
  const characters = messages.reduce((sum, message) => sum + MESSAGE_CHARACTERS + lengthOf(message), 0)
  const tokens = Math.ceil((characters / TOKEN_CHARACTERS + STATIC_TOKENS) * countedOf(log, started.taskId))
  if (tokens <= memory.maxPromptTokens) return []
  const turns = messages.filter(({ role }) => role === 'assistant').length
  const longest = Math.max(0, ...messages.filter(isHistory).map(lengthOf))
  return turns <= 1 && longest <= SHORTEST ? [] : [`${tokens} tokens, ${turns} turns, the longest ${longest}`]
}

function lengthOf(message: Message): number {
  if (message.role === 'tool') return JSON.stringify(message.result).length
  if (message.role !== 'assistant') return message.text.length
  return message.parts.reduce((sum, part) => {
    if (part.type === 'call') return sum + part.tool.length + JSON.stringify(part.input).length
    if (part.type === 'invalid_call') return sum + part.tool.length + part.inputText.length
    return sum + (part.type === 'other' ? 0 : part.text.length)
  }, 0)
}

/** A message of a person, or a result: what can be cut. */
function isHistory(message: Message): boolean {
  return message.role === 'tool' || (message.role === 'user' && message.trust !== 'system')
}

/** How far the provider's last count of this task's prompts was off the estimate. */
function countedOf(log: readonly PawlEvent[], taskId: string): number {
  let estimated: number | null = null
  let off = 1
  for (const event of log) {
    if (event.type === 'task_started' && event.taskId === taskId) off = 1
    if (event.type === 'model_started' && event.taskId === taskId) {
      const { tokens, maxOutputTokens } = event.reserved
      estimated = event.purpose === 'decide' ? tokens - maxOutputTokens : null
    }
    if (event.type !== 'model_responded' || event.taskId !== taskId || estimated === null) continue
    const { usage } = event.response
    if (usage !== null && usage.inputTokens > 0) off = usage.inputTokens / estimated
  }
  return Math.min(MOST_OFF, Math.max(1 / MOST_OFF, off))
}

/** The newest message of a person is always there. */
function lostMessage({ messages, log, started }: Shown): readonly string[] {
  if (started.taskId !== 'root') return []
  const newest = log.findLast((event) => event.type === 'message_received')
  const name = newest?.type === 'message_received' ? `${newest.text.split(':')[0]}:` : ''
  return messages.some((message) => message.role === 'user' && message.text.includes(name)) ? [] : [`lost ${name}`]
}

/** The log says what was shown. */
function otherwiseRendered({ log, started, messages }: Shown, plant: Plant): readonly string[] {
  const again = messagesFor(folded(log), started, plant)
  return JSON.stringify(again) === JSON.stringify(messages) ? [] : ['from the log it reads otherwise']
}

/** What a prompt no longer shows has left it by an event. */
function unsaidCompactions({ log, state }: Played): readonly string[] {
  const said = new Map<string, number>()
  for (const event of log) {
    if (event.type === 'task_started') said.delete(event.taskId)
    if (event.type === 'history_compacted') said.set(event.taskId, event.throughSeq)
  }
  const tasks: readonly TaskState[] = [...state.tasks.values()]
  const unsaid = tasks.filter(
    ({ taskId, compaction }) => compaction !== null && said.get(taskId) !== compaction.throughSeq,
  )
  return unsaid.map(({ taskId }) => `no event says what has left ${taskId}`)
}

/** A summarizer is asked for turns that have left, of which each leaves once. */
function tooManySummaries({ log }: Played): readonly string[] {
  const summaries = log.filter(
    (event) => event.type === 'model_started' && event.purpose === 'summarize' && event.attempt === 1,
  ).length
  const turns = log.filter(({ type }) => type === 'decision_recorded' || type === 'session_ended').length
  return summaries <= turns ? [] : [`${summaries} summaries of ${turns} turns`]
}

describe('random histories with memory', { timeout: 60_000 }, () => {
  test('no prompt parts a call from its result, loses the plan or the newest message, or is over its limit', () => {
    let compactions = 0
    let requests = 0
    fc.assert(
      fc.property(sessions, (session) => {
        expect(
          problemsOf(session, {}, ({ log, shown }) => {
            compactions += log.filter(({ type }) => type === 'history_compacted').length
            requests += shown.length
          }),
        ).toEqual([])
      }),
      { numRuns: RUNS, seed: SEED },
    )
    // A run that compacts nothing would prove nothing.
    expect(compactions).toBeGreaterThan(RUNS)
    expect(requests).toBeGreaterThan(10 * RUNS)
  })

  test.each(plants())('planted: $name', ({ plant, caught }) => {
    const isCaught = (session: Session) => problemsOf(session, plant).some((problem) => caught.test(problem))
    expect(fc.sample(sessions, { numRuns: RUNS, seed: SEED }).some(isCaught)).toBe(true)
  })
})

type Planted = { readonly name: string; readonly plant: Plant; readonly caught: RegExp }

function plants(): readonly Planted[] {
  return [
    {
      name: 'a window of messages instead of turns parts a call from its result',
      plant: { messages: (messages) => messages.slice(-12) },
      caught: /a result of look without its call/,
    },
    {
      name: 'a summary that is not counted',
      plant: { next: (state, moment) => next(withCompaction(state, { summary: null }), moment) },
      caught: /tokens, \d+ turns/,
    },
    {
      name: 'a cut that prompts do not apply',
      plant: { read: (state) => withCompaction(state, { cutCharacters: null }) },
      caught: /tokens, \d+ turns/,
    },
    {
      name: 'the message that the work is about leaves with the turns',
      plant: { read: withoutGoal },
      caught: /lost m/,
    },
    {
      name: 'a plan that leaves with the turns',
      plant: { read: (state) => (isCompacted(state) ? { ...state, plan: null } : state) },
      caught: /no plan|is not told/,
    },
    {
      name: 'a compaction without an event',
      plant: { isLogged: ({ type }) => type !== 'history_compacted' },
      caught: /no event says/,
    },
    {
      name: 'a compaction after which the same one is due',
      plant: {
        next: (state, moment) => next(withCompaction(state, null), moment),
      },
      caught: /does not come to rest/,
    },
  ]
}

function isCompacted({ tasks }: State): boolean {
  return [...tasks.values()].some(({ compaction }) => compaction !== null)
}

function withCompaction(state: State, change: Partial<NonNullable<TaskState['compaction']>> | null): State {
  const tasks = new Map(
    [...state.tasks].map(([taskId, task]) => {
      const { compaction } = task
      const changed = compaction === null || change === null ? null : { ...compaction, ...change }
      return [taskId, { ...task, compaction: changed }]
    }),
  )
  return { ...state, tasks }
}

function withoutGoal(state: State): State {
  const throughSeq = state.tasks.get('root')?.compaction?.throughSeq ?? 0
  return { ...state, transcript: state.transcript.filter(({ type, seq }) => type !== 'user' || seq > throughSeq) }
}
