import { type Command, Option } from 'commander'
import { type Limits, type PlanMode, structureContext, validatePlan } from '../../core/index.ts'
import { type Agent, checkPlan } from '../../index.ts'
import { agentOf, type GlobalOptions } from '../app.ts'
import type { Cli } from '../cli.ts'
import type { Exit } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { loadConfig, noConfig } from '../load-config.ts'
import { readNamed } from '../parse.ts'
import { readPlanText } from '../plan-file.ts'
import { planLimitsOf } from '../plan-limits.ts'
import { type CheckedPlan, renderCheckedPlan } from '../render/checked-plan.ts'
import { readStandardInput } from '../standard-input.ts'
import { typedIn } from '../typed-in.ts'

type Options = { readonly agent?: string; readonly mode: PlanMode }

/** Looks at a plan as it is looked at before it is carried out. */
export function addPlanCheck(plan: Command, cli: Cli): void {
  plan
    .command('check')
    .summary('say what is wrong with a plan, and how to mend it')
    .description(
      'Looks at a plan as it is looked at before anything of it runs: cycles, dependencies, references, limits, and with the tools of an agent also tools, specialists and inputs. Problems keep a plan from being carried out, and the exit code is 1; warnings do not.',
    )
    .argument('<file>', 'the plan as JSON, or - for standard input')
    .option('--agent <name>', 'whose plan it is (default: the one agent of the configuration)')
    .addOption(new Option('--mode <mode>', 'how it is carried out').choices(['strict', 'flexible']).default('strict'))
    .addHelpText(
      'after',
      examples(cli, [
        'pawl plan check plan.json',
        'pawl plan check plan.json --agent researcher --mode flexible',
        'pawl plan new code-review | pawl plan check - --json',
      ]),
    )
    .action(cli.bareAction<Options>(({ args: [file = ''], options }) => check(cli, file, options)))
}

async function check({ terminal }: Cli, file: string, options: Options & GlobalOptions): Promise<Exit> {
  const chosen = await agentFor(options)
  const agent = chosen.type === 'agent' ? chosen.agent : null
  const against = { agent, mode: options.mode, limits: chosen.limits }
  const checked = checkText(file === '-' ? readStandardInput() : readNamed(file), against)
  if (options.json === true) for (const row of rowsOf(checked)) terminal.out(JSON.stringify(row))
  else for (const line of renderCheckedPlan(checked, terminal)) terminal.out(line)
  if (chosen.type === 'none' && checked.tasks !== null) {
    const what = 'Looked at by itself: whether its tools and specialists exist, and inputs fit them, is not known.'
    terminal.note(terminal.noteStyle.yellow(`  ${what} ${chosen.why}`))
  }
  return checked.review.problems.length === 0 ? 'ok' : 'failed'
}

/** With what the configuration changes of the limits. */
type Chosen = { readonly limits: Partial<Limits> } & (
  | { readonly type: 'agent'; readonly agent: Agent }
  /** And what to do about it. */
  | { readonly type: 'none'; readonly why: string }
)

async function agentFor({ agent: name, config }: Options & GlobalOptions): Promise<Chosen> {
  const from = typedIn()
  const loaded = await loadConfig(config, from)
  if (loaded === null && name !== undefined) throw noConfig(from)
  const { agents = [], limits = {} } = loaded?.config ?? {}
  if (name !== undefined) return { type: 'agent', agent: agentOf({ agents, loaded }, name), limits }
  const [only, ...others] = agents
  if (loaded === null) return { type: 'none', limits, why: `There is no pawl.config.ts in ${from} or above.` }
  if (only === undefined) return { type: 'none', limits, why: `${loaded.path} has no agents.` }
  if (others.length === 0) return { type: 'agent', agent: only, limits }
  const names = agents.map((each) => each.name).join(', ')
  return { type: 'none', limits, why: `${loaded.path} has several agents: say which with --agent (${names}).` }
}

type Against = { readonly agent: Agent | null; readonly mode: PlanMode; readonly limits: Partial<Limits> }

function checkText(text: string, { agent, mode, limits }: Against): CheckedPlan {
  const read = readPlanText(text)
  const about = { agent: agent?.name ?? null, mode }
  if (read.type === 'problems') return { ...about, tasks: null, review: { problems: read.problems, warnings: [] } }
  const { plan } = read
  const review =
    agent === null
      ? validatePlan(plan, structureContext(plan, { mode, limits: planLimitsOf(limits) }))
      : checkPlan(agent, plan, { mode, limits })
  return { ...about, tasks: plan.tasks.length, review }
}

function rowsOf({ agent, mode, tasks, review: { problems, warnings } }: CheckedPlan): readonly object[] {
  return [
    ...problems.map((problem) => ({ type: 'problem', ...problem })),
    ...warnings.map((warning) => ({ type: 'warning', ...warning })),
    { type: 'checked', agent, mode, tasks, problems: problems.length, warnings: warnings.length },
  ]
}
