/** What goes wrong on a command line, and how it is said. */
import { PawlError } from '../index.ts'
import type { Exit } from './exit-codes.ts'
import { plain } from './render/text.ts'
import type { Style } from './style.ts'

/** Ends a command with a sentence: what was expected, what was found, what to do. */
export class CliError extends PawlError {
  readonly exit: Exit

  constructor(code: string, message: string, exit: Exit = 'failed') {
    super(code, message)
    this.exit = exit
  }
}

export function usageError(message: string): CliError {
  return new CliError('usage', message, 'usage')
}

export function exitOf(problem: unknown): Exit {
  if (problem instanceof CliError) return problem.exit
  return problem instanceof PawlError && problem.code === 'definition' ? 'usage' : 'failed'
}

/** One line for a known error; for any other its name too. The stack only where it was asked for. */
export function sayError(problem: unknown, style: Style, isDebug: boolean): string {
  const isKnown = problem instanceof PawlError
  const message = problem instanceof Error ? problem.message : String(problem)
  const name = !isKnown && problem instanceof Error && problem.name !== 'Error' ? `${problem.name}: ` : ''
  const first = `${style.red('pawl:')} ${name}${plain(message)}`
  if (isDebug && problem instanceof Error)
    return `${first}\n${style.dim(plain(problem.stack ?? ''))}${causeOf(problem, style)}`
  return isKnown ? first : `${first}\n${style.dim('Run it again with --debug to see where.')}`
}

function causeOf(problem: Error, style: Style): string {
  const { cause } = problem
  return cause instanceof Error ? `\n${style.dim(`caused by ${plain(cause.stack ?? cause.message)}`)}` : ''
}
