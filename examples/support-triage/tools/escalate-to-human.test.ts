import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWorld, type World } from '../world/open-world.ts'
import { type EscalateToHumanInput, escalateToHuman, urgencies } from './escalate-to-human.ts'

let world: World

beforeEach(() => {
  world = openWorld(':memory:')
})

afterEach(() => world.close())

const matter: EscalateToHumanInput = {
  accountId: 'acct_1004',
  summary: 'The hold is still there',
  urgency: 'normal',
}

const tickets = (): number => world.database.prepare('SELECT * FROM escalations').all().length

test('an escalation is a ticket with the time in which a person answers', () => {
  const ticket = escalateToHuman(world, matter, { idempotencyKey: 'session-1/c2' })
  expect(ticket).toEqual({ ticketId: 'HT-1', urgency: 'normal', answerWithinHours: 24 })
})

test('the same key gives the same ticket, whatever is said the second time', () => {
  const call = { idempotencyKey: 'session-1/c2' }
  const first = escalateToHuman(world, matter, call)
  expect(escalateToHuman(world, { ...matter, urgency: 'high' }, call)).toEqual(first)
  expect(tickets()).toBe(1)
})

test('another key gives another ticket', () => {
  escalateToHuman(world, matter, { idempotencyKey: 'session-1/c2' })
  const ticket = escalateToHuman(world, matter, { idempotencyKey: 'session-2/c2' })
  expect(ticket.ticketId).toBe('HT-2')
})

test('a customer whom nobody could identify reaches a person all the same', () => {
  const unknown: EscalateToHumanInput = { summary: 'Who is this?', urgency: 'low' }
  expect(escalateToHuman(world, unknown, { idempotencyKey: 'a' }).answerWithinHours).toBe(72)
  const mistaken: EscalateToHumanInput = { ...unknown, accountId: 'acct_9', urgency: 'high' }
  expect(escalateToHuman(world, mistaken, { idempotencyKey: 'b' }).answerWithinHours).toBe(4)
})

test('an aborted call opens no ticket', () => {
  const call = { idempotencyKey: 'session-1/c2', signal: AbortSignal.abort(new Error('cancelled')) }
  expect(() => escalateToHuman(world, matter, call)).toThrow('cancelled')
  expect(tickets()).toBe(0)
})

test.each(urgencies)('the help page promises the same hours for %s', (urgency) => {
  const markdown = readFileSync(new URL('../docs/contact-billing-support.md', import.meta.url), 'utf8')
  const { answerWithinHours } = escalateToHuman(world, { ...matter, urgency }, { idempotencyKey: urgency })
  const row = markdown.split('\n').find((line) => line.toLowerCase().startsWith(`| ${urgency} |`))
  expect(row).toContain(`| ${answerWithinHours} hours |`)
})
