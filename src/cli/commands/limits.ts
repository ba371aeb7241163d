import type { Command } from 'commander'
import { defaultBudget, defaultLimits } from '../../core/index.ts'
import type { Cli } from '../cli.ts'
import { examples } from '../help.ts'
import { loadConfig } from '../load-config.ts'
import { limitRows, renderLimits } from '../render/limits.ts'
import { typedIn } from '../typed-in.ts'

/** The one table of limits. */
export function addLimits(program: Command, cli: Cli): void {
  program
    .command('limits')
    .summary('print every limit')
    .description(
      'Prints every limit of the runtime, and the budget that a session gets where its agent says nothing. What the configuration changes is marked.',
    )
    .addHelpText(
      'after',
      examples(cli, ['pawl limits', 'pawl limits --json | jq -r "select(.name == \\"leaseMs\\").value"']),
    )
    .action(
      cli.bareAction(async ({ options }) => {
        const loaded = await loadConfig(options.config, typedIn())
        const rows = limitRows(defaultLimits, defaultBudget, loaded?.config.limits ?? {})
        const { terminal } = cli
        if (options.json === true) for (const row of rows) terminal.out(JSON.stringify(row))
        else for (const line of renderLimits(rows, terminal)) terminal.out(line)
        return 'ok'
      }),
    )
}
