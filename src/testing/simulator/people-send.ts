/** How people ask, and what must be true of the answer that they get. */
import type { RefusalCode } from '../../core/index.ts'
import type { Runtime, Sent } from '../../runtime/index.ts'
import { checkProblem } from './accidents.ts'
import type { MarkName } from './coverage-marks.ts'
import type { PeopleContext } from './people.ts'
import type { SessionRecord } from './record.ts'

/** One request of a person. */
export type Ask = {
  readonly context: PeopleContext
  readonly record: SessionRecord
  readonly commandId: string
  /** How often it is sent under one id; once by default. */
  readonly times?: number
  /** Sends the same once more. */
  readonly again?: () => Promise<Sent>
}

type Commanded = Parameters<Runtime['send']>[1]

/** Sends, now and then two times. */
export function sent(ask: Ask, command: Commanded): void {
  const { context, record, commandId } = ask
  const { world, api } = context
  const times = world.chance.happens(world.faults.repeats) ? 2 : 1
  const again = () => api().runtime.send(record, { ...command, commandId })
  for (let time = 0; time < times; time += 1) answered({ ...ask, times, again }, again())
}

const refusals: { readonly [code: string]: MarkName } = {
  already_resolved: 'refused: a second answer',
  already_voted: 'refused: voted twice',
  requester_may_not_vote: 'refused: the requester may not vote',
  hash_mismatch: 'refused: another hash was looked at',
}

/** What was acknowledged stands in the log by then, at the place that was named; what was refused does not, for a reason. */
export function answered(ask: Ask, answer: Promise<Sent>): void {
  const { context, record } = ask
  const from = record.log.length
  const wasOpen = record.ended === null
  answer.then(
    (told) => {
      if (told.type === 'accepted') return accepted(ask, told.seq)
      refused(ask, told.code)
      const hasEnded = !wasOpen || record.log.slice(from).some(({ event }) => event.type === 'session_ended')
      if (told.code === 'session_ended' && !hasEnded && record.cancelSeq === null)
        context.world.violate(record, 'P9 what is open can be cancelled', `${ask.commandId}: ${told.message}`)
    },
    (problem: unknown) => checkProblem(context.world, record, problem),
  )
}

function accepted({ context, record, commandId, again }: Ask, seqTold: number): void {
  const { chance, faults, scheduler, violate } = context.world
  const seq = record.commandIds.get(commandId)
  if (seq === undefined) violate(record, 'P1 acknowledged is never lost', `${commandId} does not stand in the log`)
  else if (seq !== seqTold)
    violate(record, 'rule 7: a repeat gets the first answer', `${commandId} at ${seq}, answered ${seqTold}`)
  if (again === undefined || !chance.happens(faults.repeats)) return
  // Somebody did not hear the answer.
  scheduler.after(AGAIN_AFTER_MS, null, () => {
    again().then(
      (told) => {
        if (told.type === 'refused')
          violate(record, 'rule 7: a repeat gets the first answer', `${commandId}, accepted before: ${told.code}`)
        else accepted({ context, record, commandId }, told.seq)
      },
      (problem: unknown) => checkProblem(context.world, record, problem),
    )
  })
}

const AGAIN_AFTER_MS = 300

function refused({ context, record, commandId, times = 1 }: Ask, code: RefusalCode): void {
  const { mark, violate } = context.world
  const seq = record.commandIds.get(commandId)
  if (seq !== undefined && times === 1)
    violate(record, 'P1 refused is not done', `${commandId} was refused, and stands at ${seq}`)
  if (code === 'unknown_session') violate(record, 'P1 acknowledged is never lost', 'the session is unknown')
  const name = refusals[code]
  if (name !== undefined) mark(name)
}
