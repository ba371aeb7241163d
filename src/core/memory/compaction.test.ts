import { describe, expect, test } from 'vitest'
import { given } from '../../testing/given.ts'
import type { PawlEvent } from '../event.ts'
import { began, call, ended, judged, message, ok, started, text, turn } from '../log.fixture.ts'
import { ROOT_TASK } from '../state.ts'
import { compactionDue } from './compaction.ts'
import { factLimits } from './memory.fixture.ts'
import type { MemoryTerms } from './memory-terms.ts'

/** Of instructions and tools. */
const STATIC_TOKENS = 100

/** A turn whose call has come to a text of so many characters, quotes included. Six events, the answer the second of them. */
function looked(number: number, characters = 10): readonly PawlEvent[] {
  const parts = turn(number, [call('look')], number).map(
    (event): PawlEvent =>
      // Nothing is counted: the estimate is as it is.
      event.type === 'model_responded' ? { ...event, response: { ...event.response, usage: null } } : event,
  )
  const id = `c${number}`
  return [...parts, judged(id, 'read'), began(id), ended(id, ok('r'.repeat(characters - 2)))]
}

const looks = (count: number, characters?: number) =>
  Array.from({ length: count }, (_, index) => looked(index + 1, characters)).flat()

/** The place of a turn's answer in the log, behind the opening. */
const seqOf = (number: number) => 2 + 6 * (number - 1) + 2

function dueAfter(memory: Partial<MemoryTerms>, events: readonly PawlEvent[]) {
  const terms: MemoryTerms = { windowTurns: 40, maxPromptTokens: 100_000, facts: factLimits, ...memory }
  const { state } = given([{ ...started(), memory: terms }, message('refund me'), ...events])
  const root = state.tasks.get(ROOT_TASK)
  if (root === undefined) throw new RangeError('no root')
  return compactionDue(state, root, STATIC_TOKENS)
}

const compacted = (throughSeq: number, more: object = {}): PawlEvent => ({
  type: 'history_compacted',
  taskId: ROOT_TASK,
  strategy: 'window',
  throughSeq,
  tokensBefore: 9,
  tokensAfter: 5,
  ...more,
})

describe('a window of turns', () => {
  test('lets half of it leave when it is over, and then none for as many turns', () => {
    expect(dueAfter({ windowTurns: 4 }, looks(4))).toBeNull()
    // Of five turns the last two stay.
    expect(dueAfter({ windowTurns: 4 }, looks(5))).toMatchObject({
      strategy: 'window',
      throughSeq: seqOf(3),
      cutCharacters: null,
    })
    expect(dueAfter({ windowTurns: 4 }, [...looks(5), compacted(seqOf(3))])).toBeNull()
  })

  test('of one turn shows one, and a turn always stays', () => {
    expect(dueAfter({ windowTurns: 1 }, looks(1))).toBeNull()
    expect(dueAfter({ windowTurns: 1 }, looks(3))).toMatchObject({ throughSeq: seqOf(2) })
  })

  test('takes a message that came while a turn was answered along with that turn, and never before', () => {
    const [first, ...rest] = looked(2)
    const came = [...looked(1), ...(first === undefined ? [] : [first]), message('and hurry'), ...rest, ...looked(3)]
    // One further: the message.
    expect(dueAfter({ windowTurns: 2 }, came)).toMatchObject({ throughSeq: seqOf(2) + 1 })
  })
})

describe('a summary', () => {
  const summarize = { whenTokens: 1_000, keepTurns: 2, hasModel: true }

  test('is made of all but the turns that are to be kept, once the history is over its size', () => {
    // Each has 454 characters with its call and what messages cost, at 4 a token.
    expect(dueAfter({ summarize }, looks(8, 400))).toBeNull()
    expect(dueAfter({ summarize }, looks(10, 400))).toMatchObject({ strategy: 'summarize', throughSeq: seqOf(8) })
    const without = { ...summarize, hasModel: false }
    expect(dueAfter({ summarize: without }, looks(10, 400))).toMatchObject({ strategy: 'window', throughSeq: seqOf(8) })
  })

  test('keeps fewer where they are more than half of its size', () => {
    expect(dueAfter({ summarize: { ...summarize, keepTurns: 6 } }, looks(5, 1_200))).toMatchObject({
      throughSeq: seqOf(4),
    })
  })

  test('that is long is no reason for another one', () => {
    const long = compacted(seqOf(8), { strategy: 'summarize', summary: 's'.repeat(3_900), trust: 'tool' })
    expect(dueAfter({ summarize }, [...looks(10, 400), long])).toBeNull()
  })

  test('is not made for a message that stays anyway, however long it is', () => {
    const asked = message('d'.repeat(5_000))
    // A turn of 64 characters more makes no difference to it.
    expect(dueAfter({ summarize }, [asked, ...looks(5), compacted(seqOf(2) + 1)])).toBeNull()
    expect(dueAfter({ summarize }, [asked, ...looks(5)])).toBeNull()
    expect(dueAfter({ summarize }, [asked, ...looks(10, 400)])).toMatchObject({ throughSeq: seqOf(8) + 1 })
  })
})

describe('the limit of a prompt', () => {
  const maxPromptTokens = 1_100 // 4,400 characters, 400 of them static

  test('lets the oldest turns leave, until what is left is half of it', () => {
    expect(dueAfter({ maxPromptTokens }, looks(4, 500))).toBeNull()
    expect(dueAfter({ maxPromptTokens }, looks(9, 500))).toMatchObject({
      strategy: 'window',
      throughSeq: seqOf(6),
      cutCharacters: null,
    })
  })

  test('cuts what is longest in the newest turn, and leaves short results as they are', () => {
    const calls = [call('look'), call('look'), call('look')]
    const results = [200, 1_000, 9_000].flatMap((characters, index) => {
      const id = `c${index + 1}`
      return [judged(id, 'read'), began(id), ended(id, ok('r'.repeat(characters - 2)))]
    })
    const due = dueAfter(
      { maxPromptTokens },
      [...turn(1, [...calls, text('so')]), ...results].map(
        (event): PawlEvent =>
          event.type === 'model_responded' ? { ...event, response: { ...event.response, usage: null } } : event,
      ),
    )
    // Of 4,000: 5 messages of 24; 3 calls of 6 and "so"; "refund me", 200 and 1,000 as they are. The longest has what is left.
    expect(due).toMatchObject({ throughSeq: 0, cutCharacters: 4_000 - 5 * 24 - 3 * 6 - 2 - 9 - 200 - 1_000 })
    expect(due?.tokensAfter).toBe(1_100)
  })

  test('cuts a long message by so much that more turns have room', () => {
    const before = [message('d'.repeat(3_000)), ...looks(4, 400)]
    const due = dueAfter({ maxPromptTokens }, before)
    expect(due).toMatchObject({ strategy: 'window', throughSeq: seqOf(1) + 1 })
    const cut = compacted(seqOf(1) + 1, { cutCharacters: due?.cutCharacters })
    expect(dueAfter({ maxPromptTokens }, [...before, cut, ...looked(5, 400), ...looked(6, 400)])).toBeNull()
  })

  test('that not even the shortest cut meets is asked for once, and never again', () => {
    const least = { maxPromptTokens: 120 }
    expect(dueAfter(least, looks(1, 9_000))).toMatchObject({ cutCharacters: 400 })
    expect(dueAfter(least, [...looks(1, 9_000), compacted(0, { cutCharacters: 400 })])).toBeNull()
  })

  test('is met by fewer turns, where those that fit leave no room for the summary', () => {
    const summarize = { whenTokens: 100_000, keepTurns: 6, hasModel: true }
    expect(dueAfter({ maxPromptTokens: 1_300, summarize }, looks(9, 500))).toMatchObject({ throughSeq: seqOf(8) })
  })
})
