/** Lines of a page that somebody may type: whether the program knows each word. */
import type { Command } from 'commander'
import { createCli } from '../../src/cli/cli.ts'
import { noCompletions } from '../../src/cli/completion.ts'
import { createProgram } from '../../src/cli/program.ts'
import { createStyle } from '../../src/cli/style.ts'
import type { Terminal } from '../../src/cli/terminal.ts'

// Nothing is run: help is all that a program asks of it.
const terminal = { style: createStyle(false), width: 100 } as Terminal
export const program = createProgram(createCli(terminal, {}), '0.0.0', noCompletions)

/** What stands behind `pawl` in the first block of shell lines of a page. */
export function typedLines(page: string): readonly string[] {
  const [, block = ''] = /```sh\n([\s\S]*?)```/.exec(page) ?? []
  return block.split('\n').flatMap((line) => /^pawl (.*?)(?: [>|] .+?)?(?: +#.*)?$/.exec(line)?.[1] ?? [])
}

/** The first word that is no command, option or argument of the program; null: all are. */
export function unknownIn(line: string): string | null {
  return unknownWord(
    [...line.matchAll(/[^\s"]*"[^"]*"|\S+/g)].map(([word]) => word),
    program,
  )
}

function unknownWord([first = '', ...others]: readonly string[], command: Command): string | null {
  const inner = command.commands.find((each) => each.name() === first)
  if (inner !== undefined) return unknownWord(others, inner)
  if (command.commands.length > 0 && first !== '') return first
  const words = [first, ...others].filter((word) => word !== '')
  const options = words.flatMap((word) => (word.startsWith('--') ? [word] : []))
  const known = [...command.options, ...program.options]
  const strange = options.find((word) => known.every(({ long }) => long !== word))
  const values = options.filter((word) => known.some((each) => each.long === word && (each.required || each.optional)))
  const typed = words.length - options.length - values.length
  const [least, most] = [
    command.registeredArguments.filter(({ required }) => required).length,
    command.registeredArguments.length,
  ]
  return strange ?? (typed < least || typed > most ? `${typed} arguments` : null)
}
