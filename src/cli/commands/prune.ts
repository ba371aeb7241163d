import type { Command } from 'commander'
import { retain } from '../../runtime/index.ts'
import type { App } from '../app.ts'
import type { Cli } from '../cli.ts'
import { confirmed } from '../confirm.ts'
import { usageError } from '../errors.ts'
import type { Exit } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { listenForInterrupts } from '../interrupts.ts'
import { parseAge } from '../parse.ts'
import { countPrunable, type EndedStatus, endedStatuses, type Prunable, type PrunableCount } from '../prunable.ts'
import { renderPrunable, renderPruned } from '../render/pruned.ts'
import { counted } from '../render/units.ts'

type Options = {
  readonly olderThan?: number
  readonly status: readonly EndedStatus[]
  readonly dryRun?: boolean
  readonly yes?: boolean
}

/** Sessions that are listed at a time: others write in between. */
const STEP = 500

/** Erases what ended long ago. */
export function addPrune(program: Command, cli: Cli): void {
  program
    .command('prune')
    .summary('erase sessions that ended long ago')
    .description(
      'Erases sessions that ended longer ago than --older-than (default: `retainEndedMs` of the configuration, where it is set), of all tenants or of --tenant, and artifacts that a worker saved and no session has named. What runs, waits or blocks is never touched. It says what would go and asks; an erased session keeps its ids, times, kinds and hashes, as with `pawl erase`.',
    )
    .option('--older-than <age>', 'such as 12h, 30d or 8w, since the last event', parseAge)
    .option('--status <words>', `only those that ended so: ${endedStatuses.join(', ')}`, parseStatuses, endedStatuses)
    .option('--dry-run', 'only say what would go')
    .option('--yes', 'without asking')
    .addHelpText(
      'after',
      examples(cli, [
        'pawl prune --older-than 30d --dry-run',
        'pawl prune --older-than 30d --status done,cancelled --tenant acme',
        'pawl prune --older-than 90d --yes --json',
      ]),
    )
    .action(cli.action<Options>((app, { options }) => prune(app, options)))
}

function parseStatuses(text: string): readonly EndedStatus[] {
  return text.split(',').map((word) => {
    const status = endedStatuses.find((each) => each === word.trim())
    if (status !== undefined) return status
    throw usageError(
      `expected statuses of sessions that have ended (${endedStatuses.join(', ')}); found ${JSON.stringify(word.trim())}. Others are never pruned.`,
    )
  })
}

async function prune(app: App, options: Options): Promise<Exit> {
  const { store, terminal, isJson } = app
  const { tenant } = app.options
  const { status: statuses, dryRun: isDry = false, yes = false } = options
  const ageMs = options.olderThan ?? app.limits.retainEndedMs
  if (!(ageMs > 0))
    throw usageError('expected --older-than, such as 30d; found none, and the configuration has no retainEndedMs')
  const now = terminal.now()
  const prunable = { statuses, endedBefore: now - ageMs, ...(tenant !== undefined && { tenant }) }
  const counts = await countPrunable(store, prunable)
  if (isJson) terminal.out(JSON.stringify({ type: 'prunable', ...prunable, counts }))
  else for (const line of renderPrunable({ ageMs, ...prunable, counts }, terminal)) terminal.out(line)
  if (isDry) return 'ok'
  const sessions = sessionsOf(counts)
  const message = `Erase ${counted(sessions, 'session')}? It cannot be undone.`
  const declined = sessions === 0 ? null : await confirmed(app, { message, yes })
  return declined ?? pruneNow(app, prunable, { now, ageMs })
}

function sessionsOf(counts: readonly PrunableCount[]): number {
  return counts.reduce((total, { sessions }) => total + sessions, 0)
}

type Now = { readonly now: number; readonly ageMs: number }

/** What has gone on since it was counted is left alone. */
async function pruneNow(app: App, { tenant, statuses }: Prunable, { now, ageMs }: Now): Promise<Exit> {
  const { store, terminal, isJson, limits } = app
  const interrupts = listenForInterrupts(terminal, { says: null })
  const { signal } = interrupts
  const { orphanArtifactMs } = limits
  try {
    const whose = { statuses, ...(tenant !== undefined && { tenant }) }
    const pruned = await retain(store, { ...whose, now, retainEndedMs: ageMs, orphanArtifactMs, limit: STEP, signal })
    if (isJson) terminal.out(JSON.stringify({ type: 'pruned', ...pruned }))
    else terminal.out(renderPruned(pruned, terminal))
    // Also where nothing went: an engine may have erased, or the last scrub have failed.
    await store.scrub()
    return signal.aborted ? interrupts.exit() : 'ok'
  } finally {
    interrupts.dispose()
  }
}
