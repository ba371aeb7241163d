import type { ApprovalTerms, Json } from '../core/index.ts'
import type { Policy, PolicyRequest } from '../ports/index.ts'
import { askFor } from './approval.ts'
import { define } from './define.ts'
import { InvalidPolicyError } from './errors.ts'
import { nameOf, namesOf, type ToolReference } from './tool-names.ts'

export type ThresholdOptions<Input> = ApprovalTerms & {
  /** The tool, or its name. With the tool, `amount` and `unless` are typed by its schema. */
  readonly tool: ToolReference<Input>
  /** What is compared. Anything but a finite number denies the call. */
  readonly amount: (input: Input) => number
  /** The most that needs no person; exactly this much needs none. */
  readonly max: number
  /** `threshold_exceeded` by default. */
  readonly reason?: string
  /** Lets an amount over `max` through where it answers `true`. Anything else, a promise too, asks. */
  readonly unless?: (input: Input, request: PolicyRequest) => boolean
  /** Raise it with every change of `amount` or `unless`: a function has no version of its own. */
  readonly version?: string
}

/**
 * A person decides over an amount that is larger than `max`. Each call counts alone: many small ones are for `sessionThreshold`. Negative amounts are smaller than any: where they mean something,
 * answer their size, and where they do not, let the tool's schema refuse them.
 * @throws InvalidPolicyError if `max` is not a finite number, or the terms of the approval could not be met.
 */
export function threshold<Input>(options: ThresholdOptions<Input>): Policy {
  const { tool, amount, max, reason = 'threshold_exceeded', unless, version, ...terms } = options
  if (!Number.isFinite(max))
    throw new InvalidPolicyError(`threshold(${nameOf(tool)}) expected a finite max, found ${max}`)
  const asked = askFor('threshold', { ...terms, reason })
  return define({
    rule: 'threshold',
    revision: 1,
    tools: namesOf('threshold', [tool]),
    parameters: { max, verdict: asked, version, unless: unless !== undefined },
    check: (request) => {
      const input = inputOf<Input>(request.call.input)
      const found: unknown = amount(input)
      if (typeof found !== 'number' || !Number.isFinite(found)) {
        return {
          type: 'deny',
          reason: 'amount_unknown',
          message: `expected an amount that is a number, found ${typeof found}`,
        }
      }
      if (found <= max || unless?.(input, request) === true) return { type: 'allow' }
      return { ...asked, message: `${found} is over ${max}` }
    },
  })
}

/** The tool's own schema has validated the input before any policy sees it. */
function inputOf<Input>(input: Json): Input {
  return input as Input
}
