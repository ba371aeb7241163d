/** What a start is given, whoever gives it: refused where it could not be stored as it is. */
import { admit, type JsonObject, type Limits, type Origin, type Trust, trusts, utf8Bytes } from '../core/index.ts'
import { PawlError } from '../ports/index.ts'
import { origin, shown } from './check-command.ts'
import { sha256 } from './hash.ts'
import { type Fields, unknownField } from './known-fields.ts'
import { problemText } from './problem-text.ts'
import type { StartOptions } from './start.ts'

/** A session could not be started. `code` is a stable word. */
export class StartError extends PawlError {}

/** The options of a start with nothing left open. */
export type CheckedStart = Required<Omit<StartOptions, 'route' | 'plan' | 'template'>> & Pick<StartOptions, 'template'>

const startFields: Fields<StartOptions> = {
  message: true,
  tenant: true,
  sessionId: true,
  commandId: true,
  requester: true,
  trust: true,
  context: true,
  route: true,
  plan: true,
  template: true,
}

type Checking = { readonly limits: Limits; readonly newId: () => string }

/** @throws StartError `invalid_input` or `too_large`. */
export function checkStart(options: StartOptions, { limits, newId }: Checking): CheckedStart {
  if (typeof options !== 'object' || options === null)
    throw new StartError('invalid_input', 'expected the options of a start as { message, … }; found none')
  const unknown = unknownField(options, startFields)
  if (unknown !== null) throw new StartError('invalid_input', `a start: ${unknown}`)
  const { tenant = 'default', message, trust = 'user', template } = options
  checkText('tenant', tenant, 256)
  checkText('message', message, limits.maxInputBytes)
  if (template !== undefined) checkText('template', template, 256)
  checkTrust(trust)
  const requester = checkedRequester(options.requester ?? { type: 'api' })
  const commandId = options.commandId ?? newId()
  checkText('commandId', commandId, 256)
  const sessionId =
    options.sessionId ?? (options.commandId === undefined ? newId() : derivedSessionId(tenant, commandId))
  checkText('sessionId', sessionId, 128)
  const context = checkedContext(options.context ?? {}, limits)
  return {
    tenant,
    message,
    trust,
    requester,
    commandId,
    sessionId,
    context,
    ...(template !== undefined && { template }),
  }
}

/** A UUID of version 8 from a hash, so that a start can be repeated without remembering its answer. */
function derivedSessionId(tenant: string, commandId: string): string {
  const hex = sha256(JSON.stringify([tenant, commandId]))
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** Refuses what cannot be stored as it is: nothing is silently changed. */
function checkText(name: string, text: unknown, maxBytes: number): void {
  if (typeof text !== 'string')
    throw new StartError('invalid_input', `expected a ${name} that is text; found ${typeof text}`)
  if (text.trim() === '') throw new StartError('invalid_input', `expected a ${name} with some text in it; found none`)
  if (!text.isWellFormed() || text.includes('\0'))
    throw new StartError('invalid_input', `the ${name} holds NUL or half of a surrogate pair; send well-formed text`)
  const bytes = utf8Bytes(text)
  if (bytes > maxBytes)
    throw new StartError('too_large', `expected a ${name} of at most ${maxBytes} bytes; found ${bytes}`)
}

/** Only the caller says how far a message can be trusted; a word that no policy knows would count as trusted. */
function checkTrust(trust: Trust): void {
  if (trusts.includes(trust)) return
  throw new StartError('invalid_input', `expected a trust of ${trusts.join(', ')}; found ${problemText(trust)}`)
}

const MAX_REQUESTER_BYTES = 4_096

function checkedRequester(value: unknown): Origin {
  const admitted = admit(value, { maxDepth: 1, maxBytes: MAX_REQUESTER_BYTES }, 'refuse')
  const problem =
    admitted.type === 'problem' ? admitted.problem : origin.is(admitted.value) ? null : `found ${shown(admitted.value)}`
  // `origin` has just said so.
  if (admitted.type === 'ok' && problem === null) return admitted.value as Origin
  throw new StartError('invalid_input', `expected a requester to be ${origin.noun}; ${problem}`)
}

function checkedContext(value: JsonObject, limits: Limits): JsonObject {
  const admitted = admit(value, { maxDepth: limits.maxDepth, maxBytes: limits.maxInputBytes }, 'refuse')
  if (admitted.type === 'problem')
    throw new StartError('invalid_input', `the context cannot be stored: ${admitted.problem}`)
  if (typeof admitted.value !== 'object' || admitted.value === null || Array.isArray(admitted.value))
    throw new StartError('invalid_input', `expected a context that is an object; found ${shown(admitted.value)}`)
  // No list: what is left is an object.
  return admitted.value as JsonObject
}
