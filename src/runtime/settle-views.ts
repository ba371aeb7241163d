import type { CommandOf } from '../core/index.ts'
import type { Env, SessionRef, Store } from '../ports/index.ts'
import { outputReport } from './call-report.ts'
import type { Agent } from './define.ts'
import { keeperOf } from './keep-artifact.ts'
import { loadState } from './load.ts'
import type { RuntimeLimits } from './options.ts'
import { callCleaner } from './redact-completion.ts'
import type { Secrets } from './secrets.ts'
import { hideSensitive } from './sensitive-tool.ts'
import type { Wiring } from './wiring.ts'

export type SettleContext = {
  readonly store: Store
  readonly wiring: Wiring
  readonly limits: RuntimeLimits
  readonly env: Pick<Env, 'setTimer'>
  readonly agents: ReadonlyMap<string, Agent>
  readonly secrets: Secrets
}

/** A person who says that a call took effect gives its output; the tool says of it what it would have said itself. */
export async function withToolViews(
  context: SettleContext,
  ref: SessionRef,
  command: CommandOf<'settle'>,
): Promise<CommandOf<'settle'>> {
  if (command.settlement !== 'took_effect' || command.output === undefined) return command
  const { store, wiring, limits, env, agents, secrets } = context
  if ((await store.head(ref)) === null) return command
  const state = await loadState(store, ref, wiring)
  const call = state.calls.get(command.callId)
  const tool = call && agents.get(state.agent)?.tools.get(call.tool)
  // What will be refused is not kept.
  if (call === undefined || tool === undefined || call.outcome?.type !== 'unknown') return command
  const cleaner = () => callCleaner(secrets.redactor(ref.tenant), tool, call.input)
  const keep = keeperOf({ store, env, limits }, ref.tenant)
  const report = await outputReport(tool, command.output, { limits, env, cleaner, keep })
  const { presented, summary, ending, artifact, outcome } = report
  return {
    ...command,
    // A person says that it took effect, whatever its tool would say of this output.
    output: outcome.type === 'ok' ? outcome.output : hideSensitive(tool, command.output).output,
    ...(artifact !== undefined && { artifact }),
    ...(presented !== undefined && { presented }),
    ...(summary !== undefined && { summary }),
    ...(ending !== undefined && { ending }),
  }
}
