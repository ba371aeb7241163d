/** Ctrl-C and SIGTERM: the first drains, the second quits at once. Both are safe, because the log is the truth. */
import type { Exit } from './exit-codes.ts'
import { codeOf } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

export interface Interrupts {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal
  /** How the command ends because of it. */
  exit(): Exit
  dispose(): void
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** What drains say. */
export const DRAINING = 'Draining: what must not be cut off may finish. Again quits at once; nothing is lost.'

/** `says`: what the first signal prints; null: nothing, since there is nothing to drain. */
export function listenForInterrupts(
  terminal: Terminal,
  { says = DRAINING }: { readonly says?: string | null } = {},
): Interrupts {
  const controller = new AbortController()
  let exit: Exit = 'interrupted'
  const listeners = SIGNALS.map((name) => {
    const listener = () => {
      if (controller.signal.aborted) return quit(terminal, exit)
      exit = name === 'SIGINT' ? 'interrupted' : 'terminated'
      if (says !== null) terminal.note(terminal.noteStyle.dim(says))
      controller.abort()
    }
    process.on(name, listener)
    return { name, listener }
  })
  return {
    signal: controller.signal,
    exit: () => exit,
    dispose: () => {
      for (const { name, listener } of listeners) process.off(name, listener)
    },
  }
}

function quit({ note, noteStyle }: Terminal, exit: Exit): void {
  note(noteStyle.dim('Quitting. What was under way is picked up from the log.'))
  process.exit(codeOf(exit))
}
