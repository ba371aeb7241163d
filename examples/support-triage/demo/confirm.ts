import { createInterface } from 'node:readline/promises'
import { gap, say } from './screen.ts'

/** Ctrl-C at a question. */
export class InterruptedError extends Error {
  readonly code = 'interrupted'
}

/**
 * Asks a question that is answered with y or n; anything else, and the end of the input, is a no. With `assumeYes` nobody is
 * asked.
 * @throws InterruptedError on Ctrl-C.
 */
export async function confirm(question: string, { assumeYes }: { readonly assumeYes: boolean }): Promise<boolean> {
  if (assumeYes) {
    say('question', `${question} y (--yes)`, 'strong')
    return true
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    const answer = await new Promise<string | null>((resolve, reject) => {
      terminal.once('SIGINT', () => reject(new InterruptedError('interrupted')))
      terminal.once('close', () => resolve(null))
      terminal.question(`  question    ${question} [y/N] `).then(resolve, reject)
    })
    if (answer === null) gap() // the input has ended in the question's line
    return answer !== null && /^y(es)?$/i.test(answer.trim())
  } finally {
    terminal.close()
  }
}
