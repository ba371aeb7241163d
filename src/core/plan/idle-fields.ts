/** What a task says and nobody acts upon. */
import type { PlanMode, PlanTask } from './plan.ts'

/** A parent is done when its parts are: nobody works on it, and nothing is judged. */
const ofParents = [
  'specialist',
  'tools',
  'cap',
  'timeoutMs',
  'accept',
  'exclusive',
] as const satisfies (keyof PlanTask)[]
/** The model goes through the steps itself, in their order. */
const ofSteps = [
  'tool',
  'input',
  'forEach',
  'accept',
  'exclusive',
  'timeoutMs',
  'cap',
] as const satisfies (keyof PlanTask)[]

export type Standing = { readonly mode: PlanMode; readonly isParent: boolean }

/** Fields of a task that change nothing where it stands. What is false changes nothing anywhere. */
export function idleFields(task: PlanTask, { mode, isParent }: Standing): readonly string[] {
  const idle: readonly (keyof PlanTask)[] = mode === 'flexible' ? ofSteps : isParent ? ofParents : []
  return idle.filter((field) => task[field] !== undefined && task[field] !== false)
}
