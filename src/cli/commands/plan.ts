import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { examples } from '../help.ts'
import { addPlanCheck } from './plan-check.ts'
import { addPlanNew } from './plan-new.ts'

/** Plans: one command for each thing that can be done with them. */
export function addPlan(program: Command, cli: Cli): void {
  const plan = program
    .command('plan')
    .summary('make plans from templates, and check them')
    .description('Makes plans and looks at them. A plan is a JSON file until a session is started with it.')
    .helpCommand(false)
    .addHelpText(
      'after',
      examples(cli, ['pawl plan new', 'pawl plan new code-review --out plan.json', 'pawl plan check plan.json']),
    )
  for (const add of [addPlanNew, addPlanCheck]) add(plan, cli)
}
