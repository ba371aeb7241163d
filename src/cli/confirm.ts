/** The question before something that cannot be undone. */
import { confirm, isCancel, text } from '@clack/prompts'
import type { App } from './app.ts'
import { usageError } from './errors.ts'
import type { Exit } from './exit-codes.ts'
import { oneLine } from './render/text.ts'

export type Question = {
  /** `Erase 12 sessions?` */
  readonly message: string
  /** What has to be typed; absent: yes or no. */
  readonly typed?: string
  /** `--yes` was said. */
  readonly yes: boolean
}

/**
 * Null: yes. Otherwise how the command ends: nobody said yes, and nothing has happened.
 * @throws CliError `usage` where nobody can be asked, and `--yes` was not said.
 */
export async function confirmed(app: App, { message, typed, yes }: Question): Promise<Exit | null> {
  if (yes) return null
  const { terminal, isJson } = app
  if (!terminal.isInteractive || isJson)
    throw usageError('expected --yes, since nobody can be asked here; found none. Nothing was changed.')
  terminal.out('')
  const answer =
    typed === undefined
      ? await confirm({ message, initialValue: false })
      : await text({ message: `${message} Type ${oneLine(typed)} to go on.` })
  if (answer === true || (typed !== undefined && answer === typed)) return null
  terminal.note(terminal.noteStyle.dim('Nothing was changed.'))
  return isCancel(answer) ? 'interrupted' : 'failed'
}
