/** The command line. Importing this file runs it: `bin/start.js` does. */
import { readFileSync } from 'node:fs'
import { CommanderError } from 'commander'
import { createCli } from './cli.ts'
import { noCompletions, readCompletions } from './completion.ts'
import { exitOf, sayError } from './errors.ts'
import { codeOf, exitCodes } from './exit-codes.ts'
import { createProgram } from './program.ts'
import { processTerminal } from './terminal.ts'

// A reader that has seen enough (`pawl events last | head`) is no error.
process.stdout.on('error', (problem: NodeJS.ErrnoException) => process.exit(problem.code === 'EPIPE' ? 0 : 1))

const code = await main(process.argv.slice(2))
// What a configuration has opened may keep the process alive; the command is done.
process.stdout.write('', () => process.exit(code))

async function main(args: readonly string[]): Promise<number> {
  const terminal = processTerminal(process.env)
  const cli = createCli(terminal, process.env)
  const isCompletion = args[0] === 'complete'
  const program = createProgram(
    cli,
    packageVersion(),
    isCompletion ? await readCompletions({}, process.cwd()) : noCompletions,
  )
  if (args.length === 0) {
    program.outputHelp()
    return exitCodes.usage.code
  }
  try {
    await program.parseAsync(args, { from: 'user' })
    return codeOf(cli.exit)
  } catch (problem) {
    // Commander has said what is wrong, or has printed the help or the version.
    if (problem instanceof CommanderError) return problem.exitCode === 0 ? 0 : exitCodes.usage.code
    terminal.note(sayError(problem, terminal.noteStyle, args.includes('--debug')))
    return codeOf(exitOf(problem))
  }
}

function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown'
}
