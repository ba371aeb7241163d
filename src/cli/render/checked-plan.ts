/** `pawl plan check`: what is wrong with a plan, what should be looked at, and how to mend it. */
import type { PlanMode, PlanProblem, PlanReview } from '../../core/index.ts'
import { marks, type Style } from '../style.ts'
import { indent, oneLine, wrap } from './text.ts'
import { counted } from './units.ts'

export type CheckedPlan = {
  /** Whose tools it was looked at with; null: by itself. */
  readonly agent: string | null
  readonly mode: PlanMode
  /** Null: it could not be read as a plan. */
  readonly tasks: number | null
  readonly review: PlanReview
}

export type CheckedPlanLook = { readonly style: Style; readonly textWidth: number }

const MAX_TASKS_SHOWN = 6

export function renderCheckedPlan(checked: CheckedPlan, look: CheckedPlanLook): readonly string[] {
  const { style } = look
  const { problems, warnings } = checked.review
  const found = [
    ...problems.flatMap((problem) => linesOf(problem, style.red(marks.bad), look)),
    ...warnings.flatMap((warning) => linesOf(warning, style.yellow(marks.warn), look)),
  ]
  return [...found, ...(found.length === 0 ? [] : ['']), sumOf(checked, style)]
}

function linesOf(problem: PlanProblem, mark: string, { style, textWidth }: CheckedPlanLook): readonly string[] {
  const { about, more } = tasksOf(problem)
  return [
    `${mark} ${style.bold(problem.code)}${about === '' ? '' : `  ${style.cyan(about)}${style.dim(more)}`}`,
    ...indent(wrap(oneLine(problem.message), textWidth - 4), 4),
  ]
}

/** `cycle  a → b → a: …`, for lists of problems in other texts. */
export function problemLine(problem: PlanProblem): string {
  const { about, more } = tasksOf(problem)
  return `${problem.code}${about === '' ? '' : `  ${about}${more}`}: ${oneLine(problem.message)}`
}

function tasksOf({ code, tasks }: PlanProblem): { readonly about: string; readonly more: string } {
  const shown = tasks.slice(0, MAX_TASKS_SHOWN).map(oneLine)
  const more = tasks.length > shown.length ? ` and ${tasks.length - shown.length} more` : ''
  // A cycle is told as its way.
  return { about: shown.join(code === 'cycle' ? ' → ' : ', '), more }
}

function sumOf({ agent, mode, tasks, review: { problems, warnings } }: CheckedPlan, style: Style): string {
  const against = agent === null ? 'looked at by itself' : `for ${agent}`
  const size = tasks === null ? '' : `${counted(tasks, 'task')}, `
  const about = style.dim(`· ${size}${mode}, ${against}`)
  const also = warnings.length === 0 ? '' : `, ${counted(warnings.length, 'warning')}`
  if (problems.length > 0)
    return `${style.red(`${marks.bad} it cannot be carried out: ${counted(problems.length, 'problem')}${also}`)} ${about}`
  const holds = agent === null ? 'its structure holds' : 'it can be carried out'
  return `${style.green(`${marks.ok} ${holds}${also}`)} ${about}`
}
