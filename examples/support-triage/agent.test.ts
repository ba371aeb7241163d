import { scripted } from 'pawl/models/scripted'
import { describe, expect, test } from 'vitest'
import { chargedTwice, countRows, customer, type Desk, endOf, openDesk } from './triage.fixture.ts'
import { refundCasesOf } from './world/refund-cases.ts'

const overThreshold = `${chargedTwice} (account acct_1002)`
const lead = 'lead@fernpost.example'

/** A desk with one refund that waits for a person. */
async function held(desk: Desk = openDesk()) {
  const result = await desk.ask(overThreshold)
  const [approval] = result.openApprovals
  const approvalId = approval?.approvalId ?? ''
  return { desk, result, approval: { sessionId: result.sessionId, approvalId } }
}

describe('a case is opened', () => {
  test('for a double charge under the threshold on a verified account, without asking anybody', async () => {
    const desk = openDesk()
    const result = await desk.ask(`${chargedTwice} (account acct_1001)`)
    expect(result).toMatchObject({
      status: { type: 'done' },
      ending: { type: 'case_opened', caseId: 'RC-1002' },
      turns: 2,
    })
    expect(result.text).toContain('49.00 USD')
    expect(refundCasesOf(desk.world, 'acct_1001')).toMatchObject([{ chargeId: 'ch_5005', amountUsd: 49 }])
  })

  test('when the account is named by its billing email, in a later message', async () => {
    const desk = openDesk()
    const asked = await desk.ask(chargedTwice)
    expect(asked).toMatchObject({ ending: { type: 'answered' } })
    expect(asked.text).toContain('account number')
    const text = 'I was charged twice, it is billing@mapleandrye.example'
    await desk.runtime.send(asked, { type: 'send_message', text, trust: 'user', origin: { type: 'user' } })
    expect((await desk.runtime.result(asked)).ending).toMatchObject({ type: 'case_opened', caseId: 'RC-1002' })
  })
})

describe('a refund is held for review', () => {
  test('above 250 USD: the user knows, and a billing lead is asked', async () => {
    const { desk, result } = await held()
    expect(result.status).toEqual({ type: 'blocked', reason: 'approval' })
    expect(result.ending).toBeNull()
    expect(result.text).toContain('A person on our billing team decides')
    expect(countRows(desk.world, 'refund_attempts')).toBe(0)
    const [row] = await desk.runtime.approvals.list()
    expect(JSON.parse(row?.body ?? '')).toMatchObject({
      tool: 'open_refund_case',
      input: { accountId: 'acct_1002', chargeId: 'ch_5103', amountUsd: 480 },
      reason: 'refund_threshold_exceeded',
      message: '480.00 USD is over 250 USD',
      ask: 'a billing lead',
      notRequester: true,
    })
  })

  test('on an unverified account, small as it is', async () => {
    const desk = openDesk()
    const result = await desk.ask(`${chargedTwice} (account acct_1003)`)
    expect(result.status).toEqual({ type: 'blocked', reason: 'approval' })
    const [row] = await desk.runtime.approvals.list()
    expect(JSON.parse(row?.body ?? '')).toMatchObject({
      reason: 'refund_threshold_exceeded',
      message: 'the account acct_1003 is not verified',
    })
  })

  test('and goes on when somebody else than the customer approves', async () => {
    const { desk, approval } = await held()
    const own = await desk.runtime.approvals.approve(approval, customer)
    expect(own).toMatchObject({ type: 'refused', code: 'requester_may_not_vote' })
    expect(await desk.runtime.approvals.approve(approval, lead)).toMatchObject({ type: 'accepted' })
    const result = await desk.runtime.result(approval)
    expect(result.ending).toMatchObject({ type: 'case_opened', caseId: 'RC-1002' })
    expect(refundCasesOf(desk.world, 'acct_1002')).toMatchObject([{ chargeId: 'ch_5103', amountUsd: 480 }])
  })

  test('and the customer is told why when it is rejected; nothing is refunded', async () => {
    const { desk, approval } = await held()
    await desk.runtime.approvals.reject(approval, lead, { reason: 'the invoice was credited by hand' })
    const result = await desk.runtime.result(approval)
    expect(result.ending).toEqual({ type: 'answered' })
    expect(result.text).toContain('The reason they gave: the invoice was credited by hand.')
    expect(result.text).not.toContain(lead)
    expect(countRows(desk.world, 'refund_attempts')).toBe(0)
  })

  test('and what the reviewer edits is what runs', async () => {
    const { desk, approval } = await held()
    const input = { accountId: 'acct_1002', chargeId: 'ch_5103', amountUsd: 240, reason: 'half was credited' }
    const tooLong = await desk.runtime.approvals.edit(approval, lead, { ...input, reason: 'x'.repeat(301) })
    expect(tooLong).toMatchObject({ type: 'refused', code: 'invalid_input' })
    expect(await desk.runtime.approvals.edit(approval, lead, input)).toMatchObject({ type: 'accepted' })
    const result = await desk.runtime.result(approval)
    expect(result.ending).toMatchObject({ type: 'case_opened', caseId: 'RC-1002' })
    expect(refundCasesOf(desk.world, 'acct_1002')).toMatchObject([{ amountUsd: 240, reason: 'half was credited' }])
  })

  test('and an answer instead of a decision is passed on', async () => {
    const { desk, approval } = await held()
    await desk.runtime.approvals.answer(approval, lead, 'we pay it by check today')
    expect((await desk.runtime.result(approval)).text).toContain('we pay it by check today')
    expect(countRows(desk.world, 'refund_attempts')).toBe(0)
  })

  test('and a person takes over when nobody answers in time', async () => {
    const desk = openDesk({ limits: { approvalExpiryMs: 1 } })
    const result = await endOf(desk, await desk.write(overThreshold))
    expect(result.ending).toEqual({ type: 'handed_to_human' })
    expect(countRows(desk.world, 'refund_attempts')).toBe(0)
    expect(countRows(desk.world, 'escalations')).toBe(1)
  })

  test('and a person takes over when the charge has got its case meanwhile', async () => {
    const { desk, approval } = await held()
    const second = await held(desk)
    await desk.runtime.approvals.approve(approval, lead)
    await desk.runtime.result(approval)
    await desk.runtime.approvals.approve(second.approval, lead)
    expect((await desk.runtime.result(second.approval)).ending).toEqual({ type: 'handed_to_human' })
    expect(refundCasesOf(desk.world, 'acct_1002')).toHaveLength(1)
  })
})

test('a refund that nobody knows the outcome of waits until a person has settled it', async () => {
  const desk = openDesk()
  desk.world.database.exec('DROP TABLE refund_attempts') // it fails, and not in a way that the tool can vouch for
  const result = await desk.ask(`${chargedTwice} (account acct_1001)`)
  expect(result).toMatchObject({ status: { type: 'blocked', reason: 'unknown_outcome' }, unresolved: ['c3'] })
  const settlement = { settlement: 'took_effect', output: { caseId: 'RC-2001', amountUsd: 49 }, by: lead } as const
  await desk.runtime.send(result, { type: 'settle', callId: 'c3', ...settlement })
  expect(await desk.runtime.result(result)).toMatchObject({
    ending: { type: 'case_opened', caseId: 'RC-2001' },
    text: expect.stringContaining('RC-2001'),
  })
})

describe('the customer gets an answer', () => {
  test.each([
    ['acct_1004', 'authorization hold', 'Authorization holds'],
    ['acct_1005', 'two purchases', 'Our page'],
    ['acct_1006', 'refunded already under case RC-1001', 'Our page'],
    ['acct_9999', 'could not find that account', 'Our page'],
  ])('why %s was not charged twice: %s', async (accountId, sentence, page) => {
    const desk = openDesk()
    const result = await desk.ask(`${chargedTwice} (account ${accountId})`)
    expect(result).toMatchObject({ status: { type: 'done' }, ending: { type: 'answered' } })
    expect(result.text).toContain(sentence)
    expect(result.text).toContain(page)
    expect(countRows(desk.world, 'refund_attempts')).toBe(0)
  })

  test('from the help pages, without an account', async () => {
    const result = await openDesk().ask('How long does a refund take?')
    expect(result.ending).toEqual({ type: 'answered' })
    expect(result.text).toContain('Refund')
  })
})

test('who asks for a person gets one', async () => {
  const desk = openDesk()
  const result = await desk.ask('I want to talk to a person about acct_1001')
  expect(result.ending).toEqual({ type: 'handed_to_human' })
  expect(countRows(desk.world, 'escalations')).toBe(1)
})

describe('out of time, the customer is told who follows up', () => {
  const timedOut = { ending: { type: 'timed_out' }, text: expect.stringContaining('follows up by email') }

  test('when the turns are used up', async () => {
    const search = { calls: [{ tool: 'search_docs', input: { query: 'charge' } }] }
    const desk = openDesk({ model: scripted(() => search), budget: { maxTurns: 3 } })
    const result = await desk.ask(chargedTwice)
    expect(result).toMatchObject({ ...timedOut, status: { type: 'failed', reason: 'turn_budget' }, turns: 3 })
  })

  test('when the model does not answer', async () => {
    const silent = scripted([''], { delayMs: 3_600_000 })
    const desk = openDesk({ model: silent, budget: { maxWallClockMs: 30 } })
    const result = await desk.ask(chargedTwice)
    expect(result).toMatchObject({ ...timedOut, status: { type: 'failed', reason: 'wall_clock' } })
  })
})

test('a model that fails for good leaves the customer with words too', async () => {
  const result = await openDesk({ model: scripted([{ error: { status: 401 } }]) }).ask(chargedTwice)
  expect(result).toMatchObject({ status: { type: 'failed', reason: 'failed' } })
  expect(result.text).toContain('follows up by email')
})
