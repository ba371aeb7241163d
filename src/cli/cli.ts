/** How a command of the program becomes a run of ours: options parsed, application opened and closed, exit code kept. */
import type { Command } from 'commander'
import { type App, type GlobalOptions, openApp } from './app.ts'
import { exitOf, sayError } from './errors.ts'
import type { Exit } from './exit-codes.ts'
import type { Environment, Terminal } from './terminal.ts'

/** What was typed behind a command's name. */
export type Typed<Options = object> = { readonly args: readonly string[]; readonly options: Options & GlobalOptions }

export type Needs = { readonly config: boolean }

type Action = (...given: readonly unknown[]) => Promise<void>

export interface Cli {
  readonly terminal: Terminal
  readonly environment: Environment
  /** How the command ended. */
  exit: Exit
  /** For `command.action`: opens the application and performs; a problem is said and becomes the exit code. */
  action<Options>(perform: (app: App, typed: Typed<Options>) => Promise<Exit>, needs?: Needs): Action
  /** The same for commands that open nothing, or open it themselves. */
  bareAction<Options>(perform: (typed: Typed<Options>) => Promise<Exit>): Action
}

export function createCli(terminal: Terminal, environment: Environment): Cli {
  const cli: Cli = {
    terminal,
    environment,
    exit: 'ok',
    action: (perform, { config: needsConfig } = { config: false }) =>
      cli.bareAction(async (typed) => {
        const app = await openApp({ terminal, environment, options: typed.options, needsConfig })
        try {
          // The same command declares the options and says what they are.
          return await perform(app, typed as never)
        } finally {
          await app.close()
        }
      }),
    bareAction:
      (perform) =>
      async (...given) => {
        // Commander passes the command itself as the last argument of every action.
        const command = given.at(-1) as Command
        const options = command.optsWithGlobals<GlobalOptions>()
        try {
          cli.exit = await perform({ args: command.processedArgs, options: options as never })
        } catch (problem) {
          terminal.note(sayError(problem, terminal.noteStyle, options.debug === true))
          cli.exit = exitOf(problem)
        }
      },
  }
  return cli
}
