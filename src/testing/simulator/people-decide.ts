/** How people answer what they are asked: approve, reject, edit, answer; one person after the other, or at once. */
import type { ApprovalName, Approvals, Sent } from '../../runtime/index.ts'
import { persons } from './people.ts'
import { drawEscalationAnswer } from './people-recover.ts'
import { type Ask, answered } from './people-send.ts'
import { editedPlan } from './planner-model.ts'
import type { AskedRecord } from './record.ts'

export function decide(ask: Ask): void {
  const { context, record, commandId } = ask
  const { world, api } = context
  const { chance, faults } = world
  const asked = chance.among([...record.open.values()])
  if (asked === undefined) return
  const { approvals } = api().runtime
  const { tenant, sessionId } = record
  const name = { sessionId, tenant, approvalId: asked.approvalId, commandId }
  const by = chance.pick(persons)
  if (asked.kind === 'approval' && chance.happens(0.03))
    return lookedAtAnother(ask, approvals.approve(name, by, { hash: 'another' }))
  const times = chance.happens(faults.repeats) ? 2 : 1
  const answer = drawAnswer(ask, asked)
  const again = () => answer(api().runtime.approvals, name, by)
  for (let time = 0; time < times; time += 1) answered({ ...ask, times, again }, again())
  // Somebody else is quicker, or slower.
  if (!chance.happens(0.3)) return
  const other = { ...ask, commandId: `${commandId}b` }
  answered(other, approvals.approve({ ...name, commandId: other.commandId }, chance.pick(persons)))
}

/** Who looked at something else than what is asked now has not approved it. */
function lookedAtAnother(ask: Ask, answer: Promise<Sent>): void {
  const { violate } = ask.context.world
  answered(ask, answer)
  answer.then(
    ({ type }) => {
      if (type === 'accepted') violate(ask.record, 'P8 voted on what is asked', 'another hash was accepted')
    },
    () => {},
  )
}

export type Answer = (approvals: Approvals, name: ApprovalName, by: string) => Promise<Sent>

/** The same for every time that it is sent. */
function drawAnswer({ context, record }: Ask, asked: AskedRecord): Answer {
  const { chance, shape } = context.world
  if (asked.subject?.type === 'task') return drawEscalationAnswer(context.world, record, asked)
  if (asked.kind === 'question') {
    const text = chance.happens(0.5) ? '1' : 'neither'
    return (approvals, name, by) => approvals.answer(name, by, text)
  }
  if (chance.happens(shape.people.rejects)) return (approvals, name, by) => approvals.reject(name, by, { reason: 'no' })
  if (chance.happens(shape.people.edits)) {
    const input = asked.subject === undefined ? { amount: 1 + chance.below(5) } : editedPlan(context.world, record)
    return (approvals, name, by) => approvals.edit(name, by, input)
  }
  if (chance.happens(0.05)) return (approvals, name, by) => approvals.answer(name, by, 'do something else')
  return (approvals, name, by) => approvals.approve(name, by, { hash: asked.hash })
}
