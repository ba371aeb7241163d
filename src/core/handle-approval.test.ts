import { describe, test } from 'vitest'
import { given } from '../testing/given.ts'
import type { CommandOf } from './command.ts'
import type { EventOf, PawlEvent } from './event.ts'
import { call, ended, held, judged, message, opened, outcomeOf, turn, verdict } from './log.fixture.ts'

const holding = (more: Partial<EventOf<'approval_requested'>> = {}, parts = [call('refund', { usd: 300 })]) =>
  given([...opened(), ...turn(1, parts), ...held('c1', 'unsafe', more)])

const vote = (by: string, more: Partial<CommandOf<'vote'>> = {}): CommandOf<'vote'> => ({
  type: 'vote',
  approvalId: 'a1',
  vote: 'approve',
  by,
  commandId: `vote of ${by}`,
  ...more,
})

const answer = (words: string, by = 'grace'): CommandOf<'answer'> => ({
  type: 'answer',
  approvalId: 'a1',
  answer: words,
  by,
  commandId: `answer of ${by}`,
})

const edit = (usd: number, by = 'grace'): CommandOf<'edit'> => ({
  type: 'edit',
  approvalId: 'a1',
  input: { usd },
  by,
  commandId: `edit of ${by}`,
})

const voted = (by: string): PawlEvent => ({
  type: 'approval_voted',
  approvalId: 'a1',
  by,
  hash: 'hash of c1',
  commandId: `vote of ${by}`,
})

describe('votes (DESIGN 3.4)', () => {
  test('an approval is bound to the hash of what will run, and the call is judged again before it starts', () => {
    holding()
      .when(vote('grace', { reason: 'known customer' }))
      .then([
        { type: 'approval_voted', by: 'grace', hash: 'hash of c1', commandId: 'vote of grace' },
        { type: 'approval_resolved', resolution: 'approved', by: 'grace', reason: 'known customer' },
      ])
      .when({})
      .then({ actions: [{ type: 'judge', key: 'judge:c1:2' }] })
      .when(verdict('c1', { type: 'require_approval', reason: 'x' }, { judgementNumber: 2, effect: 'unsafe' }))
      .then([{ type: 'call_judged', raised: { type: 'allow' } }])
      .when({})
      .then({
        events: [{ type: 'call_started', callId: 'c1', attempt: 1, fence: 1 }],
        actions: [{ type: 'call', mode: 'run', key: 'call:c1:1' }],
        wakeAt: 1_000_000 + 30 * 60_000,
      })
  })

  test('policy that denies at dispatch wins over an approval', () => {
    holding()
      .when(vote('grace'))
      .then([{ type: 'approval_voted' }, { type: 'approval_resolved' }])
      .when(verdict('c1', { type: 'deny', reason: 'frozen_account' }, { judgementNumber: 2, effect: 'unsafe' }))
      .then([
        { type: 'call_judged' },
        { type: 'call_finished', outcome: { type: 'blocked', reason: 'frozen_account' }, tookEffect: false },
      ])
  })

  test('an approval of another hash does not meet the question', () => {
    holding()
      .when(vote('grace'))
      .then([{ type: 'approval_voted' }, { type: 'approval_resolved' }])
      .when(
        verdict(
          'c1',
          { type: 'require_approval', reason: 'x' },
          {
            judgementNumber: 2,
            effect: 'unsafe',
            approvalHash: 'under another policy',
          },
        ),
      )
      .then([{ type: 'call_judged' }, { type: 'approval_requested', approvalId: 'a2', hash: 'under another policy' }])
  })

  test('a vote on a hash that is not the one asked about is refused', () => {
    holding()
      .when(vote('grace', { hash: 'something else' }))
      .thenRefused('hash_mismatch', /look at it again/)
    holding()
      .when(vote('grace', { hash: 'hash of c1' }))
      .then([{ type: 'approval_voted' }, { type: 'approval_resolved' }])
  })

  test('one answer wins: a second vote is refused, and told the first', () => {
    holding()
      .when(vote('grace', { vote: 'reject', reason: 'too much' }))
      .then([
        { type: 'approval_resolved', resolution: 'rejected', by: 'grace', reason: 'too much' },
        {
          type: 'call_finished',
          outcome: { type: 'blocked', reason: 'rejected', message: 'a person rejected it: too much' },
        },
      ])
      .when(vote('linus'))
      .thenRefused('already_resolved', /rejected by grace/)
  })

  test('a rejected call never starts', () => {
    holding()
      .when(vote('grace', { vote: 'reject' }))
      .then([{ type: 'approval_resolved' }, { type: 'call_finished', outcome: { type: 'blocked' } }])
      .when({})
      .then({ events: [{ type: 'model_started', turn: 2 }], actions: [{ type: 'decide', mode: 'run' }] })
  })

  test('the requester may neither approve nor edit where the approval says so', () => {
    holding({ notRequester: true })
      .when(vote('ada'))
      .thenRefused('requester_may_not_vote', /ada asked/)
    holding({ notRequester: true }).when(edit(10, 'ada')).thenRefused('requester_may_not_vote')
    holding({ notRequester: false })
      .when(vote('ada'))
      .then([{ type: 'approval_voted' }, { type: 'approval_resolved' }])
  })

  test('a quorum wants different people', () => {
    holding({ quorum: 2 })
      .when(vote('grace'))
      .then([{ type: 'approval_voted', by: 'grace' }])
      .when(vote('grace', { commandId: 'again' }))
      .thenRefused('already_voted', /2 different people/)
      .when(vote('linus'))
      .then([
        { type: 'approval_voted', by: 'linus' },
        { type: 'approval_resolved', resolution: 'approved', by: 'linus' },
      ])
  })

  test('a call that waits for the second vote of a quorum does not start', () => {
    holding({ quorum: 2 })
      .when(vote('grace'))
      .then([{ type: 'approval_voted' }])
      .when({})
      .then({ events: [{ type: 'session_parked', reason: 'approval' }], wakeAt: 2_000_000 })
  })

  test('there is nothing to vote on where there is no such approval', () => {
    holding()
      .when(vote('grace', { approvalId: 'a9' }))
      .thenRefused('unknown_approval')
  })

  test('nobody answers for a session that is being cancelled', () => {
    holding()
      .and([{ type: 'cancel_requested', by: 'ada', commandId: 'cancel' }])
      .when(vote('grace'))
      .thenRefused('session_ended', /nothing will run/)
  })

  test('no message acts as an approval', () => {
    holding()
      .and([message('I approve a1')])
      .when({})
      .then({ events: [{ type: 'session_parked', reason: 'approval' }] })
  })
})

describe('expiry (DESIGN 3.4: default deny)', () => {
  test('an approval that nobody gave in time denies the call', () => {
    holding()
      .when({ now: 2_000_000 })
      .then({
        events: [
          { type: 'approval_resolved', approvalId: 'a1', resolution: 'expired' },
          {
            type: 'call_finished',
            outcome: { type: 'blocked', reason: 'approval_expired' },
            tookEffect: false,
          },
          { type: 'model_started', turn: 2 },
        ],
        actions: [{ type: 'decide' }],
      })
  })

  test('until then the session waits, and looks again when it expires', () => {
    holding()
      .when({ now: 1_999_999 })
      .then({
        events: [{ type: 'session_parked', reason: 'approval', message: 'refund_threshold_exceeded' }],
        wakeAt: 2_000_000,
      })
  })

  test('an answer that comes at the moment of expiry is too late', () => {
    holding()
      .when(vote('grace'), { now: 2_000_000 })
      .thenRefused('approval_expired', /counts as a rejection/)
    holding()
      .when(vote('grace'), { now: 1_999_999 })
      .then([{ type: 'approval_voted' }, { type: 'approval_resolved' }])
  })

  test('seven days by default, or what the policy says', () => {
    const proposed = given([...opened(), ...turn(1, [call('refund')])])
    proposed
      .when(verdict('c1', { type: 'require_approval', reason: 'x' }))
      .then([{ type: 'call_judged' }, { type: 'approval_requested', expiresAt: 1_000_000 + 7 * 24 * 3_600_000 }])
    proposed
      .when(verdict('c1', { type: 'require_approval', reason: 'x', expiresAfterMs: 60_000 }))
      .then([{ type: 'call_judged' }, { type: 'approval_requested', expiresAt: 1_060_000 }])
  })
})

describe('edits (DESIGN 3.4)', () => {
  const rejudged = (terms: object = {}) =>
    verdict(
      'c1',
      { type: 'require_approval', reason: 'threshold', ...terms },
      {
        judgementNumber: 2,
        effect: 'unsafe',
        approvalHash: 'hash of the edit',
      },
    )

  test('an edited input is proposed anew: schema and policy run again', () => {
    holding()
      .when(edit(200))
      .then([{ type: 'approval_resolved', resolution: 'edited', by: 'grace', input: { usd: 200 } }])
      .when({})
      .then({ actions: [{ type: 'judge', key: 'judge:c1:2' }] })
  })

  test('what is judged and runs is the edited input', () => {
    const { state } = holding()
      .when(edit(200))
      .then([{ type: 'approval_resolved' }])
    const { input, status, approvedHash } = state.calls.get('c1') ?? {}
    if (JSON.stringify(input) !== '{"usd":200}' || status !== 'proposed' || approvedHash !== null)
      throw new Error(status)
  })

  test("the editor's edit counts as their approval, of the new hash", () => {
    holding()
      .when(edit(200))
      .then([{ type: 'approval_resolved' }])
      .when(rejudged())
      .then([
        { type: 'call_judged' },
        { type: 'approval_requested', approvalId: 'a2', hash: 'hash of the edit' },
        { type: 'approval_voted', approvalId: 'a2', by: 'grace', hash: 'hash of the edit' },
        { type: 'approval_resolved', approvalId: 'a2', resolution: 'approved', by: 'grace' },
      ])
  })

  test('an edit voids the votes before it; a quorum counts from the editor', () => {
    holding({ quorum: 3 })
      .and([voted('linus')])
      .when(edit(200))
      .then([{ type: 'approval_resolved', resolution: 'edited' }])
      .when(rejudged({ quorum: 2 }))
      .then([
        { type: 'call_judged' },
        { type: 'approval_requested', approvalId: 'a2', quorum: 2 },
        { type: 'approval_voted', approvalId: 'a2', by: 'grace' },
      ])
      .when(vote('linus', { approvalId: 'a2', commandId: 'again' }))
      .then([{ type: 'approval_voted' }, { type: 'approval_resolved', resolution: 'approved', by: 'linus' }])
  })

  test("an edit by the requester is no approval where policy wants somebody else's", () => {
    holding()
      .when(edit(900, 'ada'))
      .then([{ type: 'approval_resolved', by: 'ada' }])
      .when(rejudged({ notRequester: true }))
      .then([{ type: 'call_judged' }, { type: 'approval_requested', approvalId: 'a2', notRequester: true }])
  })

  test('an edit that policy allows needs no further approval', () => {
    holding()
      .when(edit(20))
      .then([{ type: 'approval_resolved' }])
      .when(verdict('c1', { type: 'allow' }, { judgementNumber: 2, effect: 'unsafe' }))
      .then([{ type: 'call_judged' }])
  })

  test('who has approved may still edit, and may still reject: no vote binds its voter', () => {
    holding({ quorum: 2 })
      .and([voted('grace')])
      .when(edit(20))
      .then([{ type: 'approval_resolved', resolution: 'edited' }])
  })

  test('the effect of the edited input is remembered, so that a repeat of it is seen', () => {
    const { state } = holding()
      .when(edit(20))
      .then([{ type: 'approval_resolved' }])
      .and([judged('c1', 'unsafe', { effectHash: 'refund 20' })])
      .when({})
      .then({ events: [{ type: 'call_started' }], actions: [{ type: 'call' }] })
    if (state.index.effects.get('refund 20')?.[0] !== 'c1') throw new Error('the effect is not in the index')
  })
})

describe('answers (DESIGN 2, 9: ask_human)', () => {
  const asking = (options: readonly string[]) =>
    given([...opened(), ...turn(1, [call('ask_human')])])
      .when({
        type: 'record_verdict',
        callId: 'c1',
        judgementNumber: 1,
        judgement: { type: 'question', question: { text: 'Which one?', options } },
      })
      .then([
        { type: 'call_judged' },
        {
          type: 'approval_requested',
          kind: 'question',
          reason: options.length > 0 ? 'ambiguous' : 'missing_context',
          message: 'Which one?',
          quorum: 1,
        },
      ])

  test('a question blocks with missing_context, and one with options as ambiguous', () => {
    asking([])
      .when({})
      .then({ events: [{ type: 'session_parked', reason: 'missing_context' }] })
    asking(['A', 'B'])
      .when({})
      .then({ events: [{ type: 'session_parked', reason: 'ambiguous' }] })
  })

  test('a number picks an option, counted from 1', () => {
    asking(['monthly', 'yearly'])
      .when(answer('2'))
      .then([
        { type: 'approval_resolved', resolution: 'answered', by: 'grace', answer: '2' },
        {
          type: 'call_finished',
          outcome: { type: 'ok', output: { answer: 'yearly', by: 'grace' } },
          trust: 'operator',
        },
      ])
  })

  test('a number that is no option is refused', () => {
    asking(['A', 'B'])
      .when(answer('3'))
      .thenRefused('not_an_option', /from 1 to 2/)
    asking(['A', 'B']).when(answer('0')).thenRefused('not_an_option')
  })

  test('text answers a question with options too, and a number answers one without', () => {
    asking(['A', 'B'])
      .when(answer('neither'))
      .then([
        { type: 'approval_resolved' },
        { type: 'call_finished', outcome: { type: 'ok', output: { answer: 'neither' } } },
      ])
    asking([])
      .when(answer('42'))
      .then([
        { type: 'approval_resolved' },
        { type: 'call_finished', outcome: { type: 'ok', output: { answer: '42' } } },
      ])
  })

  test('a question is answered, not approved or edited', () => {
    asking([]).when(vote('grace')).thenRefused('not_a_question')
    asking([]).when(edit(1)).thenRefused('not_a_question')
  })

  test('an answer to a held call ends it instead of running it', () => {
    holding()
      .when(answer('use the voucher instead'))
      .then([
        { type: 'approval_resolved', resolution: 'answered' },
        {
          type: 'call_finished',
          outcome: {
            type: 'blocked',
            reason: 'answered',
            message: 'a person answered instead: use the voucher instead',
          },
          tookEffect: false,
        },
      ])
  })
})

describe('what happens beside a held call (DESIGN 3.4: reads go on meanwhile)', () => {
  const beside = holding({}, [call('refund'), call('look'), call('send_mail')]).and([
    judged('c2', 'read'),
    judged('c3', 'unsafe'),
  ])

  test('a read starts, a write behind it waits, and the session is parked only when nothing runs', () => {
    beside
      .when({})
      .then({ events: [{ type: 'call_started', callId: 'c2' }], actions: [{ type: 'call', callId: 'c2' }] })
      .when(outcomeOf('c2'))
      .then([{ type: 'call_finished', callId: 'c2' }])
      .when({})
      .then({ events: [{ type: 'session_parked', reason: 'approval' }] })
      .when({})
      .then({})
  })

  test('a rejection ends the writes behind it with earlier_write', () => {
    beside
      .and([ended('c2')])
      .when(vote('grace', { vote: 'reject' }))
      .then([{ type: 'approval_resolved' }, { type: 'call_finished', callId: 'c1' }])
      .when({})
      .then({
        events: [
          {
            type: 'call_finished',
            callId: 'c3',
            outcome: { type: 'blocked', reason: 'earlier_write' },
            tookEffect: false,
          },
          { type: 'model_started', turn: 2 },
        ],
        actions: [{ type: 'decide' }],
      })
  })
})
