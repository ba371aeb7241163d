import type { ApprovalTerms, CallState, Json, State, Verdict } from '../core/index.ts'
import type { Policy } from '../ports/index.ts'
import { askFor } from './approval.ts'
import { define } from './define.ts'
import { InvalidPolicyError } from './errors.ts'
import { nameOf, namesOf, type ToolReference } from './tool-names.ts'

/** One tool whose amounts count. With the tool itself, `amount` is typed by its schema. */
export type Counted<Input> = {
  readonly tool: ToolReference<Input>
  /** In the unit of `max`. Anything but a finite number denies the call; a negative one counts as 0. */
  readonly amount: (input: Input) => number
}

export type SessionThresholdOptions<Inputs extends readonly unknown[]> = ApprovalTerms & {
  /** The tools whose amounts are added up, together. */
  readonly counted: { readonly [K in keyof Inputs]: Counted<Inputs[K]> }
  /** The most that a session may come to without a person; exactly this much needs none. */
  readonly max: number
  /** `session_threshold_exceeded` by default. */
  readonly reason?: string
  /** Raise it with every change of an `amount`: a function has no version of its own. */
  readonly version?: string
}

/**
 * A person decides once the amounts of a session would come to more than `max`: the same sum in many small calls, or over several
 * tools, is the same sum. Counts every earlier call that began and may have taken effect, also those that people approved. Writes
 * of one turn run one after another and each is judged again, so that the sum is right when it counts. A session is as far as it
 * sees: what may not be exceeded over many sessions belongs into the system that pays.
 * Reads the session's calls, so that its cost grows with them.
 * @throws InvalidPolicyError if `max` is not a finite number, no tool is counted, one is counted twice, or the terms of the approval
 * could not be met.
 */
export function sessionThreshold<const Inputs extends readonly unknown[]>(
  options: SessionThresholdOptions<Inputs>,
): Policy {
  const { counted, max, reason = 'session_threshold_exceeded', version, ...terms } = options
  if (!Number.isFinite(max)) throw new InvalidPolicyError(`sessionThreshold expected a finite max, found ${max}`)
  const asked = askFor('sessionThreshold', { ...terms, reason })
  const amounts = new Map<string, Amount>()
  for (const { tool, amount } of counted) {
    const name = nameOf(tool)
    if (amounts.has(name))
      throw new InvalidPolicyError(`sessionThreshold expected each tool once in counted, found ${name} again`)
    // Each tool's own schema has validated the input that its own function reads.
    amounts.set(name, amount as Amount)
  }
  return define({
    rule: 'sessionThreshold',
    revision: 1,
    tools: namesOf('sessionThreshold', [...amounts.keys()]),
    parameters: { max, verdict: asked, version },
    check: ({ call, state }) => {
      const own = amountOf(amounts, call)
      const sum = own === null ? null : earlierSum(amounts, state, call.callId)
      if (own === null || sum === null) return unknownAmount
      const total = own + sum
      if (total <= max) return { type: 'allow' }
      return { ...asked, message: `${own} and ${sum} before it in this session are over ${max}` }
    },
  })
}

type Amount = (input: Json) => unknown

const unknownAmount: Verdict = {
  type: 'deny',
  reason: 'amount_unknown',
  message: 'expected amounts that are numbers, here and in the earlier calls of the session',
}

function amountOf(amounts: ReadonlyMap<string, Amount>, { tool, input }: { tool: string; input: Json }): number | null {
  const found = amounts.get(tool)?.(input)
  return typeof found === 'number' && Number.isFinite(found) ? Math.max(0, found) : null
}

function earlierSum(amounts: ReadonlyMap<string, Amount>, { calls }: Readonly<State>, callId: string): number | null {
  let sum = 0
  for (const earlier of calls.values()) {
    if (!amounts.has(earlier.tool) || earlier.callId === callId || !mayHaveTakenEffect(earlier)) continue
    const amount = amountOf(amounts, earlier)
    if (amount === null) return null
    sum += amount
  }
  return sum
}

function mayHaveTakenEffect({ startedAt, outcome, tookEffect }: CallState): boolean {
  return startedAt > 0 && (outcome === null || outcome.type === 'ok' || tookEffect)
}
