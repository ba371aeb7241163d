import type { Cli } from './cli.ts'

/** The examples at the end of a command's help. */
export function examples({ terminal: { style } }: Pick<Cli, 'terminal'>, lines: readonly string[]): string {
  return ['', style.bold('Examples:'), ...lines.map((line) => `  ${style.dim('$')} ${line}`)].join('\n')
}

/** How a session may be named, for the help of every command that takes one. */
export const SESSION_ARGUMENT = 'its id, a unique beginning or end of it, or "last"'
