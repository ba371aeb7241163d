import type { Command } from 'commander'
import type { Agent } from '../../index.ts'
import { agentOf } from '../app.ts'
import type { Cli } from '../cli.ts'
import { examples } from '../help.ts'
import { renderTools, toolRows } from '../render/tools.ts'
import { toolWarnings } from '../tool-warnings.ts'

/** What an agent can do, and who governs it. */
export function addTools(program: Command, cli: Cli): void {
  program
    .command('tools')
    .summary('list what an agent can do, and under which policies')
    .description(
      'Lists the tools of an agent with effect class, sensitivity, trust and policies, and warns of what makes models choose badly or easy to abuse.',
    )
    .argument('<agent>', 'its name in the configuration')
    .addHelpText('after', examples(cli, ['pawl tools support-triage']))
    .action(
      cli.action(
        async (app, { args: [name = ''] }) => {
          const { terminal, isJson, limits } = app
          const agent: Agent = agentOf(app, name)
          const rows = toolRows(agent, limits)
          const warnings = toolWarnings(agent, limits)
          const all = [...rows, ...warnings.map((warning) => ({ warning }))]
          if (isJson) for (const row of all) terminal.out(JSON.stringify(row))
          else for (const line of renderTools(rows, warnings, terminal)) terminal.out(line)
          return 'ok'
        },
        { config: true },
      ),
    )
}
