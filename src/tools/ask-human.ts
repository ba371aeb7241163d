import type { Question } from '../core/index.ts'
import { PawlError, type Tool } from '../ports/index.ts'
import { type AskHumanInput, askHumanInput } from './ask-human-input.ts'

export type AskHumanOptions = {
  /** `ask_human` by default. */
  readonly name?: string
}

/**
 * The tool by which a model asks people. Its call is a question that parks the session, `missing_context` or, with options,
 * `ambiguous`; the answer is its output. It never runs.
 */
export function askHuman({ name = 'ask_human' }: AskHumanOptions = {}): Tool<AskHumanInput, never> {
  return {
    name,
    description: [
      'Asks a person a question and waits for the answer.',
      'Use it when something is missing that no other tool can find out, or when only a person may choose.',
      'Give options when there are few possible answers; they may also answer in their own words.',
      'Returns { answer, by }.',
    ].join(' '),
    effect: 'read',
    input: askHumanInput,
    asks: questionOf,
    run: () => {
      throw new PawlError('never_runs', `${name} is answered by people: its call is a question, and never runs`)
    },
  }
}

function questionOf({ question, options = [], field }: AskHumanInput): Question {
  return { text: question, options, ...(field !== undefined && { field }) }
}
