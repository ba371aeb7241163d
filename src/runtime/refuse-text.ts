import { admit, type Limits } from '../core/index.ts'
import type { SessionRef } from '../ports/index.ts'
import type { SendableCommand, Sent } from './send.ts'

/** What cannot be stored as it was sent is refused at the door: NUL, half a surrogate pair, too much of it, or nothing at all. */
export function refuseText(
  { sessionId }: SessionRef,
  command: SendableCommand,
  limits: Limits,
): Extract<Sent, { type: 'refused' }> | null {
  const { type, ...body } = command
  const admitted = admit(body, { maxDepth: limits.maxDepth + 1, maxBytes: limits.maxInputBytes }, 'refuse')
  if (admitted.type === 'problem')
    return { type: 'refused', sessionId, code: 'invalid_input', message: `${type}: ${admitted.problem}` }
  const said = 'text' in command ? command.text : 'answer' in command ? command.answer : null
  if (said === null || said.trim() !== '') return null
  return { type: 'refused', sessionId, code: 'invalid_input', message: `${type}: expected some text; found none` }
}
