import { type Command, Option } from 'commander'
import { routes } from '../../core/index.ts'
import { type App, agentOf } from '../app.ts'
import type { Cli } from '../cli.ts'
import { driveToRest } from '../drive-to-rest.ts'
import type { Exit } from '../exit-codes.ts'
import { collectField } from '../filled-template.ts'
import { type PlanOptions, planOfOptions } from '../given-plan.ts'
import { examples } from '../help.ts'
import { namedSessions } from '../named-sessions.ts'
import { parseObject } from '../parse.ts'
import { shortId } from '../session-name.ts'

type Options = PlanOptions & {
  readonly context?: string
  readonly external?: boolean
  readonly ask: boolean
  readonly detach?: boolean
}

/** Starts a session and drives it, in this process, until it rests. */
export function addRun(program: Command, cli: Cli): void {
  program
    .command('run')
    .summary('start a session and watch it work')
    .description(
      'Starts a session with a message, drives it in this process and shows what happens. When the session is held for a person and this is a terminal, it asks here; otherwise it prints what to run, and exits with 3. Ctrl-C drains: the session keeps its place.',
    )
    .argument('<agent>', 'its name in the configuration')
    .argument('<message>', 'what the user says')
    .option('--context <json>', 'free data for policies and tools, as JSON or @file')
    .option('--external', 'the message comes from outside, such as a mail: it is marked as data, and policies see that')
    .option('--plan <file>', 'the plan to carry out, as JSON, or - for standard input')
    .option('--template <name>', 'make the plan from this template (pawl plan new lists them)')
    .option('--field <name=value>', 'with --template: fill a field in', collectField)
    .option('--templates <folder>', 'with --template: where your own templates are')
    .addOption(new Option('--route <route>', 'how the work is gone about (default: the agent chooses)').choices(routes))
    .option('--detach', 'start it, print its id, and leave the work to a worker')
    .option('--no-ask', 'never ask here')
    .addHelpText(
      'after',
      examples(cli, [
        'pawl run support-triage "I was charged twice and your docs did not help"',
        `pawl run support-triage "Refund me" --context '{"account": "A-7"}' --json`,
        'pawl run research "What changed?" --detach',
        'pawl run deployer "Deploy orders 2.4.1" --plan deploy.json',
        'pawl run researcher "How are effects kept single?" --template research-report --field topics=fences,keys',
      ]),
    )
    .action(
      cli.action<Options>(
        (app, { args: [agent = '', message = ''], options }) => run(app, { agent, message, ...options }),
        {
          config: true,
        },
      ),
    )
}

async function run(
  app: App,
  { agent: name, message, context, external, ask, detach, ...options }: Options & { agent: string; message: string },
): Promise<Exit> {
  const agent = agentOf(app, name)
  const planned = planOfOptions(app, agent, options)
  const { terminal, by, isJson } = app
  const runtime = app.runtime(detach === true ? null : namedSessions())
  const tenant = app.options.tenant ?? app.loaded?.config.tenant ?? 'default'
  const requester = { type: 'user', id: by } as const
  const given = context === undefined ? {} : { context: parseObject(context) }
  const started = await runtime.start(name, {
    message,
    tenant,
    requester,
    trust: external === true ? 'external' : 'user',
    ...given,
    ...planned,
  })
  const { style } = terminal
  if (isJson) terminal.out(JSON.stringify({ type: 'started', ...started, agent: name, model: agent.model.id }))
  else {
    const model = agent.model.isScripted === true ? `${agent.model.id} (a script: no model answers)` : agent.model.id
    terminal.out(`${style.bold(name)} ${style.dim(`· session ${shortId(started.sessionId)} · ${model}`)}`)
  }
  if (detach === true) return 'ok'
  return driveToRest(app, { runtime, ref: started, agentName: name, after: 0, isQuiet: !ask })
}
