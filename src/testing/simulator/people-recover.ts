/** What people say of a task that has failed: try again with a hint or another input, leave it out, end it all, plan anew. */
import type { Answer } from './people-decide.ts'
import type { AskedRecord, SessionRecord } from './record.ts'
import type { World } from './world.ts'

const answers = [
  'retry',
  'retry',
  'retry: another way',
  'skip',
  'skip',
  'skip',
  'abort',
  'replan',
  '1',
  'whatever you like',
] as const

/** The same for every time that it is sent. */
export function drawEscalationAnswer({ chance }: World, { plan }: SessionRecord, { subject }: AskedRecord): Answer {
  const task = subject?.type === 'task' ? plan.nodes.get(subject.taskId)?.task : undefined
  if (task?.tool !== undefined && chance.happens(0.15)) {
    const input = { amount: 1 + chance.below(3) }
    return (approvals, name, by) => approvals.edit(name, by, input)
  }
  const text = chance.pick(answers)
  return (approvals, name, by) => approvals.answer(name, by, text)
}
