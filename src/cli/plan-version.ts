/** Which version of a session's plan is meant. */
import type { PlanState, PlanVersion, State } from '../core/index.ts'
import { CliError, usageError } from './errors.ts'
import { shortId } from './session-name.ts'

/** @throws CliError `no_plan` where nothing was ever planned. */
export function planOf({ plan, sessionId }: State): PlanState {
  if (plan !== null && plan.versions.length > 0) return plan
  const name = shortId(sessionId)
  throw new CliError(
    'no_plan',
    `expected a session with a plan; session ${name} has none. pawl show ${name} says what it did.`,
  )
}

/** The one in force, else the newest that was proposed. */
export function currentOf({ version, versions }: PlanState): PlanVersion | undefined {
  return versions.find((each) => each.version === version) ?? versions.at(-1)
}

/** @throws CliError `usage` if there is no such version. */
export function versionOf({ versions }: PlanState, named: number): PlanVersion {
  const found = versions.find(({ version }) => version === named)
  if (found !== undefined) return found
  const known = versions.length === 1 ? 'version 1' : `a version from 1 to ${versions.length}`
  throw usageError(`expected ${known}; found ${named}. \`pawl plan show\` lists them.`)
}
