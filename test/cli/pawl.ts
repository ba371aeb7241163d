/** The command line in a folder of its own: as a process, or (much quicker) inside this one. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Command, CommanderError } from 'commander'
import { createCli } from '../../src/cli/cli.ts'
import { noCompletions } from '../../src/cli/completion.ts'
import { codeOf } from '../../src/cli/exit-codes.ts'
import { createProgram } from '../../src/cli/program.ts'
import { createStyle } from '../../src/cli/style.ts'
import type { Terminal } from '../../src/cli/terminal.ts'

const entry = fileURLToPath(new URL('../../bin/pawl.js', import.meta.url))
const config = fileURLToPath(new URL('./cli.config.ts', import.meta.url))

/** A folder with a configuration, whose store lies beside it. */
export function makeFolder(of: string = config): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-cli-'))
  writeFileSync(join(folder, 'pawl.config.ts'), `export { config } from ${JSON.stringify(of)}\n`)
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

export type Ended = { readonly code: number | null; readonly out: string; readonly notes: string }

export type Running = {
  readonly ended: Promise<Ended>
  /** Resolves when it has printed that. */
  printed(text: string): Promise<void>
  kill(signal: NodeJS.Signals): void
}

/** Starts the real command, in a process without a terminal. */
export function startPawl(folder: string, ...args: readonly string[]): Running {
  const child = spawn(process.execPath, ['--conditions=pawl-source', entry, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let notes = ''
  child.stdout.on('data', (data) => {
    out += data
  })
  child.stderr.on('data', (data) => {
    notes += data
  })
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, out, notes })))
  const printed = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => (out + notes).includes(text) && resolve()
      child.stdout.on('data', look)
      child.stderr.on('data', look)
      child.once('close', () => reject(new Error(`it ended without printing ${text}:\n${out}${notes}`)))
      look()
    })
  return { ended, printed, kill: (signal) => child.kill(signal) }
}

/** `isInteractive`: somebody sits in front, and is asked. */
type Place = { readonly folder: string; readonly isInteractive?: boolean }

/** Runs a command inside this process. Not for commands that wait for signals. */
export async function pawl(at: string | Place, ...args: readonly string[]): Promise<Ended> {
  const { folder, isInteractive = false } = typeof at === 'string' ? { folder: at } : at
  const said = { out: '', notes: '' }
  const terminal = { ...memoryTerminal(said), isInteractive }
  const cli = createCli(terminal, { USER: 'root' })
  const from = process.cwd()
  process.chdir(folder)
  try {
    const program = createProgram(cli, '0.0.0', noCompletions)
    const write = { writeOut: terminal.raw, writeErr: terminal.note }
    for (const each of withSubcommands(program)) each.configureOutput(write).exitOverride()
    await program.parseAsync(args, { from: 'user' })
    return { code: codeOf(cli.exit), ...said }
  } catch (problem) {
    if (!(problem instanceof CommanderError)) throw problem
    return { code: problem.exitCode === 0 ? 0 : 2, ...said }
  } finally {
    process.chdir(from)
  }
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)]
}

function memoryTerminal(said: { out: string; notes: string }): Terminal {
  const raw = (text: string) => {
    said.out += text
  }
  return {
    out: (text) => raw(`${text}\n`),
    note: (text) => {
      said.notes += `${text}\n`
    },
    raw,
    style: createStyle(false),
    noteStyle: createStyle(false),
    width: Number.POSITIVE_INFINITY,
    textWidth: 100,
    height: Number.POSITIVE_INFINITY,
    isInteractive: false,
    isLive: false,
    now: Date.now,
  }
}

/** The lines of NDJSON; a line that is no JSON object fails. */
export function objects(out: string): readonly { readonly [field: string]: unknown }[] {
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const parsed: unknown = JSON.parse(line)
      if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new Error(`no object: ${line}`)
      return { ...parsed }
    })
}
