/** How a command of the program becomes a run of ours: options parsed, application opened and closed, exit code kept. */
import type { Command } from 'commander'
import { type App, type GlobalOptions, openApp } from './app.ts'
import { exitOf, sayError } from './errors.ts'
import type { Exit } from './exit-codes.ts'
import type { Environment, Terminal } from './terminal.ts'

export interface Cli {
  readonly terminal: Terminal
  readonly environment: Environment
  /** How the command ended. */
  exit: Exit
  /** Performs a command; a problem is said and becomes its exit code. */
  run(command: Command, perform: (app: App) => Promise<Exit>, needs?: Needs): Promise<void>
  /** The same for commands that need neither configuration nor store. */
  runBare(command: Command, perform: (options: GlobalOptions) => Promise<Exit>): Promise<void>
}

export type Needs = { readonly config: boolean }

export function createCli(terminal: Terminal, environment: Environment): Cli {
  const cli: Cli = {
    terminal,
    environment,
    exit: 'ok',
    run: (command, perform, { config } = { config: false }) =>
      cli.runBare(command, async (options) => {
        const app = await openApp({ terminal, environment, options, needsConfig: config })
        try {
          return await perform(app)
        } finally {
          await app.close()
        }
      }),
    runBare: async (command, perform) => {
      const options = command.optsWithGlobals<GlobalOptions>()
      try {
        cli.exit = await perform(options)
      } catch (problem) {
        terminal.note(sayError(problem, terminal.noteStyle, options.debug === true))
        cli.exit = exitOf(problem)
      }
    },
  }
  return cli
}
