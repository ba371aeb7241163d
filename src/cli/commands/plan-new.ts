import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { ProposedPlan } from '../../core/index.ts'
import type { GlobalOptions } from '../app.ts'
import type { Cli } from '../cli.ts'
import { CliError, usageError } from '../errors.ts'
import type { Exit } from '../exit-codes.ts'
import { collectField, filledIn } from '../filled-template.ts'
import { examples } from '../help.ts'
import { loadConfig } from '../load-config.ts'
import { planLimitsOf } from '../plan-limits.ts'
import { renderTemplates } from '../render/templates.ts'
import { counted } from '../render/units.ts'
import { marks } from '../style.ts'
import { findTemplates, takeTemplate } from '../templates.ts'
import { typedIn } from '../typed-in.ts'

type Options = {
  readonly field?: readonly string[]
  readonly templates?: string
  readonly out?: string
}

type Asked = { readonly name: string | undefined; readonly options: Options & GlobalOptions }

/** A plan from a template. */
export function addPlanNew(plan: Command, cli: Cli): void {
  plan
    .command('new')
    .summary('make a plan from a template')
    .description(
      'Fills a template in and prints the plan, or writes it to a file. Without a template, lists those that there are, with their fields. Templates of your own are files TEMPLATE.json in the folder that --templates or `templates` of the configuration names (./templates beside it by default); one of them is taken before one of the same name that comes with pawl.',
    )
    .argument('[template]', 'its name (default: list them)')
    .option('--field <name=value>', 'fill a field in; a list as a,b or as JSON', collectField)
    .option('--templates <folder>', 'where your own templates are')
    .option('--out <file>', 'write the plan there (nothing may be there yet) instead of printing it')
    .addHelpText(
      'after',
      examples(cli, [
        'pawl plan new',
        'pawl plan new research-report --field question="How are effects kept single?" --field topics=fences,keys',
        'pawl plan new data-pipeline --field source=in.csv --field target=out.csv --field columns=id,name --out plan.json',
      ]),
    )
    .action(cli.bareAction<Options>(({ args: [name], options }) => make(cli, { name, options })))
}

async function make(cli: Cli, { name, options }: Asked): Promise<Exit> {
  const { terminal } = cli
  const { field: fields = [] } = options
  const from = typedIn()
  const loaded = await loadConfig(options.config, from)
  const found = findTemplates({ named: options.templates, loaded, from })
  if (name === undefined) {
    if (fields.length > 0 || options.out !== undefined)
      throw usageError('expected the name of a template to fill in; found none. `pawl plan new` alone lists them.')
    if (options.json === true) for (const each of found) terminal.out(JSON.stringify(each))
    else for (const line of renderTemplates(found, terminal)) terminal.out(line)
    return 'ok'
  }
  const taken = takeTemplate(found, name)
  if (taken.hides) terminal.note(terminal.noteStyle.dim(`  ${name} of ${taken.from} is taken, not the one of pawl.`))
  const plan = filledIn(taken.template, fields, planLimitsOf(loaded?.config.limits ?? {}))
  if (options.out === undefined) terminal.out(JSON.stringify(plan, null, options.json === true ? 0 : 2))
  else write(cli, plan, { file: options.out, folder: from, isJson: options.json === true })
  return 'ok'
}

type Target = { readonly file: string; readonly folder: string; readonly isJson: boolean }

function write({ terminal }: Cli, plan: ProposedPlan, { file, folder, isJson }: Target): void {
  const path = resolve(folder, file)
  try {
    writeFileSync(path, `${JSON.stringify(plan, null, 2)}\n`, { flag: 'wx' })
  } catch (problem) {
    const isThere = problem instanceof Error && 'code' in problem && problem.code === 'EEXIST'
    const found = isThere ? 'a file there' : problem instanceof Error ? problem.message : String(problem)
    const mend = isThere ? 'Remove it, or name another.' : 'Name another place.'
    throw new CliError('not_written', `expected to write a new file ${path}; found: ${found}. ${mend}`)
  }
  const tasks = plan.tasks.length
  if (isJson) terminal.out(JSON.stringify({ type: 'written', path, tasks }))
  else {
    terminal.out(`${terminal.style.green(marks.ok)} wrote ${path} ${terminal.style.dim(`· ${counted(tasks, 'task')}`)}`)
    terminal.note(terminal.noteStyle.dim(`  pawl plan check ${file} looks at it with your agent's tools.`))
  }
}
