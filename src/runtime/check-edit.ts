/** An edited input, before it is sent: what was hidden from the editor is put back, and what its tool would not take is refused. */
import {
  type ApprovalState,
  admit,
  type CommandOf,
  type Json,
  previewOf,
  referencesIn,
  type State,
} from '../core/index.ts'
import type { AnyTool, Env, SessionRef, Store } from '../ports/index.ts'
import { checkPlanEdit } from './check-plan-edit.ts'
import type { Agent } from './define.ts'
import { loadState } from './load.ts'
import { createLogMask } from './mask-log.ts'
import type { RuntimeLimits } from './options.ts'
import { problemText } from './problem-text.ts'
import { putBack } from './put-back.ts'
import type { Secrets } from './secrets.ts'
import { tellingOf } from './sensitive-tool.ts'
import { createSessionShapes } from './session-shapes.ts'
import { type Telling, validate } from './validate.ts'
import type { Wiring } from './wiring.ts'
import { withinTime } from './within-time.ts'

export type CheckEditContext = {
  readonly store: Store
  readonly wiring: Wiring
  readonly limits: RuntimeLimits
  readonly env: Pick<Env, 'setTimer'>
  readonly agents: ReadonlyMap<string, Agent>
  readonly secrets: Secrets
}

export type CheckedEdit =
  | { readonly type: 'edit'; readonly command: CommandOf<'edit'> }
  | { readonly type: 'refused'; readonly message: string }

/** Refused while the person still looks at it: the old question stands. What is not open is left to whoever says so. */
export async function checkEdit(
  context: CheckEditContext,
  ref: SessionRef,
  command: CommandOf<'edit'>,
): Promise<CheckedEdit> {
  const { limits, agents, store, wiring, secrets } = context
  const state = await loadState(store, ref, wiring)
  const approval = state.approvals.get(command.approvalId)
  if (approval?.resolution !== null) return { type: 'edit', command }
  const shapes = createSessionShapes(context, ref)
  await shapes.learn()
  const redactor = secrets.redactor(ref.tenant)
  // As lists and watchers show it, of whichever runtime.
  const shownAs = createLogMask(shapes.of, redactor).input
  const agent = agents.get(state.agent)
  if (approval.subject?.type === 'plan') {
    const checked = checkPlanEdit({ agent, state, limits, shownAs }, command.input, approval.subject.version)
    if (checked.type === 'plan') return { type: 'edit', command: { ...command, input: checked.plan } }
    return { type: 'refused', message: checked.type === 'marks' ? marksLeft(checked.left) : checked.message }
  }
  const asked = askedOf(state, approval)
  if (asked === null) return { type: 'edit', command }
  const { input, left } = putBack(command.input, { own: asked.input, shown: shownAs(asked.tool, asked.input) })
  if (left.length > 0) return { type: 'refused', message: marksLeft(left) }
  const admitted = admit(input, { maxDepth: limits.maxDepth, maxBytes: limits.maxInputBytes }, 'refuse')
  if (admitted.type === 'problem') return { type: 'refused', message: admitted.problem }
  const edited: CheckedEdit = { type: 'edit', command: { ...command, input: admitted.value } }
  const tool = agent?.tools.get(asked.tool)
  // What refers to results is judged when these are there. A call that is held already refers to nothing any more.
  const refers = approval.subject !== null && referencesIn(admitted.value).found.length > 0
  if (tool === undefined || refers) return edited
  const telling = () => tellingOf(shapes.of(tool.name), admitted.value, redactor)
  const misfit = await misfitOf(context, { tool, input: admitted.value, telling })
  return misfit === null ? edited : { type: 'refused', message: misfit }
}

/** The call, or the one call that a failed task is. Null: there is nothing that could be edited. */
function askedOf({ calls, plan }: State, { callId, subject }: ApprovalState): { tool: string; input: Json } | null {
  if (subject === null) return calls.get(callId) ?? null
  const node = subject.type === 'task' ? plan?.nodes.get(subject.taskId) : undefined
  const input = node?.input ?? node?.task.input
  return node?.task.tool === undefined || input === undefined ? null : { tool: node.task.tool, input }
}

type Asked = { readonly tool: AnyTool; readonly input: Json; readonly telling: () => Telling }

/** Null: it fits. A schema of the user's may throw, with the input in its words, and may never answer. */
async function misfitOf({ env, limits }: CheckEditContext, { tool, input, telling }: Asked): Promise<string | null> {
  try {
    const bounds = { env, timeoutMs: limits.policyTimeoutMs, what: 'validating the input' }
    const validated = await withinTime(Promise.resolve(validate(tool.input, input, telling)), bounds)
    return validated.type === 'valid' ? null : `the input does not fit the tool's schema: ${validated.message}`
  } catch (problem) {
    return `the tool's schema failed: ${problemText(problem, telling().text)}`
  }
}

const MAX_POINTERS = 5
const POINTER_CHARACTERS = 200

function marksLeft(pointers: readonly string[]): string {
  const named = pointers.slice(0, MAX_POINTERS).map((each) => JSON.stringify(previewOf(each, POINTER_CHARACTERS)))
  const more = pointers.length > MAX_POINTERS ? ` and ${pointers.length - MAX_POINTERS} more` : ''
  return `expected values; found the mark of a hidden one ("[redacted:…]") at ${named.join(', ')}${more}, where the call has nothing that was shown so. What is hidden runs as it is where it is left as it was shown; elsewhere write the value itself`
}
