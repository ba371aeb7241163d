/** The program: every command once, in the groups of its help. */
import tab from '@bomb.sh/tab/commander'
import { Command, type HelpConfiguration } from 'commander'
import type { Cli } from './cli.ts'
import { addAnswer } from './commands/answer.ts'
import { addApprovals } from './commands/approvals.ts'
import { addApprove } from './commands/approve.ts'
import { addArtifact } from './commands/artifact.ts'
import { addCancel } from './commands/cancel.ts'
import { addDoctor } from './commands/doctor.ts'
import { addEdit } from './commands/edit.ts'
import { addErase } from './commands/erase.ts'
import { addEvents } from './commands/events.ts'
import { addExport } from './commands/export.ts'
import { addExtend } from './commands/extend.ts'
import { addLimits } from './commands/limits.ts'
import { addPlan } from './commands/plan.ts'
import { addPrune } from './commands/prune.ts'
import { addReject } from './commands/reject.ts'
import { addRun } from './commands/run.ts'
import { addSend } from './commands/send.ts'
import { addSessions } from './commands/sessions.ts'
import { addSettle } from './commands/settle.ts'
import { addShow } from './commands/show.ts'
import { addTools } from './commands/tools.ts'
import { addTrace } from './commands/trace.ts'
import { addVerify } from './commands/verify.ts'
import { addWhy } from './commands/why.ts'
import { addWork } from './commands/work.ts'
import { type Completions, completeArguments } from './completion.ts'
import { EXIT_TERMINATED, exitCodes } from './exit-codes.ts'
import { examples } from './help.ts'
import { table } from './render/table.ts'

type Add = (program: Command, cli: Cli) => void

const groups: readonly (readonly [title: string, adds: readonly Add[]])[] = [
  ['Work:', [addRun, addSend, addCancel, addExtend, addWork]],
  ['Answer:', [addApprovals, addApprove, addReject, addEdit, addAnswer, addSettle]],
  ['Look:', [addSessions, addShow, addTrace, addWhy, addEvents, addArtifact]],
  ['Keep:', [addExport, addPrune, addErase]],
  ['Check:', [addPlan, addTools, addLimits, addVerify, addDoctor]],
]

export function createProgram(cli: Cli, version: string, completions: Completions): Command {
  const program = new Command('pawl')
  const { terminal } = cli
  program
    .description('Runs agents whose sessions survive crashes, wait for people, and never repeat an effect.')
    .usage('<command> [options]')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'explain a command')
    .option('--tenant <name>', 'whose sessions (default: all; for run, the one of the configuration)')
    .option('--config <file>', 'the configuration (default: the nearest pawl.config.ts upwards)')
    .option('--store <file>', 'a SQLite file instead of the store of the configuration')
    .option('--by <name>', 'who answers (default: the configuration’s, or your user name)')
    .option('--json', 'NDJSON for machines: one object a line, times in epoch milliseconds')
    .option('--debug', 'show where an error comes from')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'pawl: ')) })
    .configureHelp({ showGlobalOptions: true, helpWidth: terminal.textWidth, ...helpStyle(cli) })
    .showHelpAfterError('Run it with --help to see how it is written.')
    .helpCommand(false)
  for (const [title, adds] of groups) {
    program.commandsGroup(title)
    for (const add of adds) add(program, cli)
  }
  program.addHelpText(
    'after',
    examples(cli, ['pawl run support-triage "I was charged twice"', 'pawl approve last --wait', 'pawl why last']),
  )
  program.addHelpText('after', exitHelp(cli))
  completeArguments(tab(program, { completionCommandName: 'completion' }), completions)
  describeCompletion(program, cli)
  return program
}

function describeCompletion(program: Command, cli: Cli): void {
  const completion = program.commands.find((command) => command.name() === 'completion')
  completion
    ?.summary('print what makes a shell complete commands, agents and sessions')
    .description('Prints a script for your shell; completed are commands, options, agents and sessions.')
    .addHelpText(
      'after',
      examples(cli, ['source <(pawl completion bash)', 'pawl completion fish > ~/.config/fish/completions/pawl.fish']),
    )
}

function helpStyle({ terminal: { style } }: Cli): HelpConfiguration {
  return {
    styleTitle: style.bold,
    styleCommandText: style.cyan,
    styleSubcommandText: style.cyan,
    styleOptionText: style.cyan,
    styleArgumentText: style.cyan,
  }
}

function exitHelp({ terminal: { style } }: Cli): string {
  const rows = Object.values(exitCodes).map(({ code, says }) => [
    code === exitCodes.interrupted.code ? `${code}, ${EXIT_TERMINATED}` : String(code),
    says,
  ])
  return [
    '',
    style.bold('Exit codes:'),
    ...table([{ title: '' }, { title: '' }], rows, { width: Number.POSITIVE_INFINITY, indent: 2 }),
  ].join('\n')
}
