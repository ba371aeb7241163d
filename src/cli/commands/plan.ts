import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { examples } from '../help.ts'
import { addPlanCheck } from './plan-check.ts'
import { addPlanDiff } from './plan-diff.ts'
import { addPlanNew } from './plan-new.ts'
import { addPlanSchema } from './plan-schema.ts'
import { addPlanShow } from './plan-show.ts'

/** Plans: one command for each thing that can be done with them. */
export function addPlan(program: Command, cli: Cli): void {
  const plan = program
    .command('plan')
    .summary('make plans, check them, and show those of sessions')
    .description(
      'Makes plans and looks at them. A plan is a JSON file until a session is started with it (pawl run --plan FILE); then each of its versions stands in the log of the session.',
    )
    .helpCommand(false)
    .addHelpText(
      'after',
      examples(cli, [
        'pawl plan new',
        'pawl plan new code-review --out plan.json',
        'pawl plan check plan.json',
        'pawl plan show last',
      ]),
    )
  for (const add of [addPlanNew, addPlanCheck, addPlanSchema, addPlanShow, addPlanDiff]) add(plan, cli)
}
