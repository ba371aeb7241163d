import { createHmac, timingSafeEqual } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Json, JsonObject, Verdict } from '../core/index.ts'
import type { Policy, PolicyRequest } from '../ports/index.ts'
import { define } from './define.ts'
import { InvalidPolicyError } from './errors.ts'
import { namesOf, type ToolReference } from './tool-names.ts'

/** At least 32 bytes that only the application holds; text counts as UTF-8. */
export type ConfirmationKey = string | Uint8Array

/** Exactly one of `key` and `verify` says which tokens count. */
export type ConfirmationTokenOptions = {
  readonly tools: readonly ToolReference[]
  /** The field of the input that carries the token; `confirmationToken` by default. */
  readonly field?: string
} & (
  | { readonly key: ConfirmationKey; readonly verify?: never }
  | {
      /** Whether the token confirms exactly this call. Only `true` does. */
      readonly verify: (token: string, request: PolicyRequest) => boolean | Promise<boolean>
      /** Raise it with every change of `verify`: a function has no version of its own. */
      readonly version?: string
      readonly key?: never
    }
)

/** What a token confirms: this tool with this input, in this session. A token in the input's own field is left out of it. */
export type Confirmed = {
  readonly tenant: string
  readonly sessionId: string
  readonly tool: string
  readonly input: JsonObject
  readonly field?: string
}

/**
 * Denies a call without a token that a trusted party issued for exactly this tenant, session, tool and input
 * (`confirmation_required`, `confirmation_invalid`). A model cannot make one up: it has to come from whoever holds the key.
 * @throws InvalidPolicyError for a key that is too short.
 */
export function confirmationToken(options: ConfirmationTokenOptions): Policy {
  const { tools, field = defaultField } = options
  const verify = options.verify ?? verifyBy(options.key, field)
  return define({
    rule: 'confirmationToken',
    revision: 1,
    tools: namesOf('confirmationToken', tools),
    // A mark of the key, which says nothing of it: approvals under another key do not count.
    parameters: {
      field,
      ...(options.verify === undefined
        ? { key: sign(options.key, 'version').slice(0, 16) }
        : { version: options.version }),
    },
    told: { unattended: 'never' },
    check: (request) => {
      const token = tokenIn(request.call.input, field)
      if (token === null) return required(request.call.tool, field)
      const answer = verify(token, request)
      return answer instanceof Promise ? answer.then(verdictOn) : verdictOn(answer)
    },
  })
}

/**
 * The token that confirms this call, for `confirmationToken` with the same key and field. The same call has the same token, so
 * that a repeat is still recognized as one.
 * @throws InvalidPolicyError for a key that is too short.
 */
export function issueConfirmationToken(key: ConfirmationKey, confirmed: Confirmed): string {
  const { tenant, sessionId, tool, input, field = defaultField } = confirmed
  const { [field]: _token, ...rest } = input
  const text = canonicalize(['pawl confirmation 1', tenant, sessionId, tool, rest])
  if (text === undefined) throw new InvalidPolicyError('only JSON can be confirmed')
  return sign(key, text)
}

const defaultField = 'confirmationToken'

function verifyBy(key: ConfirmationKey, field: string): (token: string, request: PolicyRequest) => boolean {
  return (token, { tenant, sessionId, call }) => {
    if (!isObject(call.input)) return false
    return isSame(token, issueConfirmationToken(key, { tenant, sessionId, tool: call.tool, input: call.input, field }))
  }
}

function sign(key: ConfirmationKey, text: string): string {
  const bytes = typeof key === 'string' ? Buffer.from(key) : key
  if (bytes.length < 32) {
    throw new InvalidPolicyError(
      `confirmationToken expected a key of at least 32 bytes, found ${bytes.length}: use randomBytes(32)`,
    )
  }
  return createHmac('sha256', bytes).update(text).digest('base64url')
}

/** Compares in a time that says nothing of where the two differ. */
function isSame(token: string, expected: string): boolean {
  const [found, wanted] = [Buffer.from(token), Buffer.from(expected)]
  return found.length === wanted.length && timingSafeEqual(found, wanted)
}

function tokenIn(input: Json, field: string): string | null {
  const token = isObject(input) && Object.hasOwn(input, field) ? input[field] : null
  return typeof token === 'string' && token !== '' ? token : null
}

function isObject(input: Json): input is JsonObject {
  return typeof input === 'object' && input !== null && !Array.isArray(input)
}

function required(tool: string, field: string): Verdict {
  const message = `${tool} needs the confirmation of a person: ask for one, and pass its token as "${field}"`
  return { type: 'deny', reason: 'confirmation_required', message }
}

function verdictOn(isConfirmed: unknown): Verdict {
  if (isConfirmed === true) return { type: 'allow' }
  const message = 'the token does not confirm this call: a changed input needs a new confirmation'
  return { type: 'deny', reason: 'confirmation_invalid', message }
}
