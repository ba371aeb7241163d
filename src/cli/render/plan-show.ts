/** A plan after the fact: its tree, what was chosen when tasks failed, and the versions that it had. */
import {
  type LogEvent,
  type PlanProblem,
  type PlanVersion,
  type PlanView,
  planViewOf,
  type State,
  saysCause,
} from '../../core/index.ts'
import { marks, type Tone, toned } from '../style.ts'
import { problemLine } from './checked-plan.ts'
import { doingOf } from './plan-doing.ts'
import { type PlanTreeLook, renderPlanTree } from './plan-tree.ts'
import { table } from './table.ts'
import { indent, oneLine, wrap } from './text.ts'
import { absolute, counted, relative } from './units.ts'

export type PlanShowLook = Pick<PlanTreeLook, 'style' | 'width' | 'textWidth' | 'now' | 'maxLines'>

/** Choices that are told one by one, the newest; the log has all of them. */
const MAX_CHOICES = 30

/** The plan in force, as far as it has come. Empty: there is none. */
export function renderPlanOf(state: State, log: readonly LogEvent[], look: PlanShowLook): readonly string[] {
  const view = planViewOf(state)
  if (view === null) return []
  const now = state.ended === null ? look.now : state.at
  const tree = renderPlanTree(view, { ...look, now, doing: doingOf(state, look.now) })
  const choices = choiceLines(log, look)
  return [...tree, ...partialLine(state, look), ...(choices.length === 0 ? [] : ['', ...choices])]
}

function partialLine({ ended }: State, { style }: PlanShowLook): readonly string[] {
  if (ended?.isPartial !== true) return []
  const where = ended.reason === 'final_answer' ? 'the answer names' : 'pawl why names'
  return ['', style.yellow(`${marks.warn} ended partial: ${where} what is missing`)]
}

/** Each choice with its reason, in the order of the log. */
function choiceLines(log: readonly LogEvent[], { style, width }: PlanShowLook): readonly string[] {
  const chosen = log.flatMap(({ event }) => (event.type === 'recovery_chosen' ? [event] : []))
  if (chosen.length === 0) return []
  const shown = chosen.slice(-MAX_CHOICES)
  const rows = shown.map(({ taskId, attempt, action, reason, hint }) => [
    oneLine(taskId),
    `attempt ${attempt}`,
    action,
    oneLine(hint === undefined ? reason : `${reason} (${hint})`),
  ])
  const earlier = chosen.length - shown.length
  return [
    style.bold('recovery'),
    ...(earlier === 0
      ? []
      : [style.dim(`  … ${counted(earlier, 'earlier choice')}: pawl events SESSION --kind recovery_chosen`)]),
    ...table(
      [{ title: '' }, { title: '', paint: style.dim }, { title: '' }, { title: '', flexible: true, paint: style.dim }],
      rows,
      {
        width,
        indent: 2,
      },
    ),
  ]
}

/** One version: why it came and what became of it, then the plan; the one in force with how far it has come. */
export function renderVersion(
  state: State,
  log: readonly LogEvent[],
  { version, look }: { readonly version: PlanVersion; readonly look: PlanShowLook },
): readonly string[] {
  const { style, now } = look
  const inForce = state.plan?.version === version.version
  const plan = inForce ? renderPlanOf(state, log, look) : renderPlanTree(onPaper(version), { ...look, isOnPaper: true })
  const stands = standing(state, version)
  const head = `${style.bold(`version ${version.version}`)}  ${toned(style, toneOf(version, inForce), stands)}  ${oneLine(saysCause(version.cause))}`
  const notes =
    version.notes === null ? [] : ['', ...indent(wrap(oneLine(version.notes), look.textWidth - 2), 2).map(style.dim)]
  return [
    `${head}  ${style.dim(`${relative(version.at, now)}, ${absolute(version.at)}`)}`,
    ...problemLines(version.problems, style.red(marks.bad), look),
    ...problemLines(version.warnings, style.yellow(marks.warn), look),
    '',
    ...plan,
    ...notes,
    ...versionLines(state, look),
  ]
}

function problemLines(problems: readonly PlanProblem[], mark: string, { textWidth }: PlanShowLook): readonly string[] {
  return problems.flatMap((problem) =>
    wrap(problemLine(problem), textWidth - 4).map((line, index) => (index === 0 ? `  ${mark} ${line}` : `    ${line}`)),
  )
}

/** The plan as it was proposed: nothing of it has begun. */
function onPaper({ version, mode, goal, notes, tasks }: PlanVersion): PlanView {
  return {
    goal,
    ...(notes !== null && { notes }),
    version,
    mode,
    tasks: tasks.map((task) => ({
      task,
      status: 'pending',
      blockedBy: task.dependsOn,
      attempt: 0,
      startedAt: null,
      endedAt: null,
      costMicroUsd: 0,
      tokens: 0,
      callIds: [],
    })),
  }
}

/** Where there are several. */
function versionLines(state: State, { style, width, now }: PlanShowLook): readonly string[] {
  const { plan } = state
  const versions = plan?.versions ?? []
  if (versions.length < 2) return []
  const tones = versions.map((each) => toneOf(each, each.version === plan?.version))
  const rows = versions.map((each) => [
    String(each.version),
    standing(state, each),
    counted(each.taskCount, 'task'),
    oneLine(saysCause(each.cause)),
    relative(each.at, now),
  ])
  const columns = [
    { title: '', align: 'right' },
    { title: '', paint: (text: string, row: number) => toned(style, tones[row] ?? 'plain', text) },
    { title: '', align: 'right', paint: style.dim },
    { title: '', flexible: true },
    { title: '', paint: style.dim },
  ] as const
  return ['', style.bold('versions'), ...table(columns, rows, { width, indent: 2 })]
}

/** Of those that were adopted one is in force; of those that were proposed, one can be looked at. */
function standing({ plan }: State, { version, status }: PlanVersion): string {
  if (plan?.version === version) return 'in force'
  if (status === 'adopted') return 'replaced'
  return status === 'proposed' && plan?.pending?.version !== version ? 'set aside' : status
}

function toneOf({ status }: PlanVersion, inForce: boolean): Tone {
  if (inForce) return 'good'
  return status === 'rejected' ? 'bad' : status === 'proposed' ? 'attention' : 'quiet'
}

/** The same for machines: the tasks of the version in force with what became of them. */
export function versionJson(state: State, version: PlanVersion): object {
  const inForce = state.plan?.version === version.version
  return { ...version, isInForce: inForce, tasks: inForce ? (planViewOf(state)?.tasks ?? []) : version.tasks }
}
