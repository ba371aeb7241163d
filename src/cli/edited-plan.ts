/** A plan that a person writes in the place of one that waits: what is wrong with it is told before it is sent. */
import type { Json } from '../core/index.ts'
import type { Head } from '../ports/index.ts'
import type { App } from './app.ts'
import { problemsFor, refusedPlan } from './given-plan.ts'
import { readPlanText } from './plan-file.ts'
import { readState } from './read-log.ts'

type Edited = { readonly approvalId: string; readonly edited: Json }

/** @throws CliError `invalid_plan` with all problems. An agent that the configuration does not have is left to whoever drives it. */
export async function refuseUnfitPlan(app: App, head: Head, { approvalId, edited }: Edited): Promise<void> {
  const state = await readState(app, head)
  const subject = state.approvals.get(approvalId)?.subject
  if (subject?.type !== 'plan') return
  const read = readPlanText(JSON.stringify(edited))
  const named = 'the edited plan'
  if (read.type === 'problems') throw refusedPlan({ name: head.agent }, named, read.problems)
  const agent = app.agents.find(({ name }) => name === head.agent)
  if (agent === undefined) return
  const mode = state.plan?.versions.find(({ version }) => version === subject.version)?.mode ?? 'strict'
  const problems = problemsFor(app, agent, { plan: read.plan, mode })
  if (problems.length > 0) throw refusedPlan(agent, named, problems)
}
