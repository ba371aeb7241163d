/** An edited input, before it is sent: what was hidden from the editor is put back, and what its tool would not take is refused. */
import { admit, type CommandOf, type Json, type Limits, previewOf } from '../core/index.ts'
import type { SessionRef, Store } from '../ports/index.ts'
import type { Agent } from './define.ts'
import { loadState } from './load.ts'
import { createLogMask } from './mask-log.ts'
import { putBack } from './put-back.ts'
import type { Secrets } from './secrets.ts'
import { shapesOf, tellingOf } from './sensitive-tool.ts'
import { createSessionShapes } from './session-shapes.ts'
import { validate } from './validate.ts'
import type { Wiring } from './wiring.ts'

export type CheckEditContext = {
  readonly store: Store
  readonly wiring: Wiring
  readonly limits: Limits
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
  const call = approval?.resolution === null ? state.calls.get(approval.callId) : undefined
  if (call === undefined) return { type: 'edit', command }
  const shown = await shownOf(context, { ref, agent: state.agent }, call)
  const { input, left } = putBack(command.input, { own: call.input, shown })
  if (left.length > 0) return { type: 'refused', message: marksLeft(left) }
  const admitted = admit(input, { maxDepth: limits.maxDepth, maxBytes: limits.maxInputBytes }, 'refuse')
  if (admitted.type === 'problem') return { type: 'refused', message: admitted.problem }
  const edited: CheckedEdit = { type: 'edit', command: { ...command, input: admitted.value } }
  const tool = agents.get(state.agent)?.tools.get(call.tool)
  if (tool === undefined) return edited
  const telling = () => tellingOf(shapesOf(tool).input, admitted.value, secrets.redactor(ref.tenant))
  const validated = await validate(tool.input, admitted.value, telling)
  if (validated.type === 'valid') return edited
  return { type: 'refused', message: `the input does not fit the tool's schema: ${validated.message}` }
}

type Session = { readonly ref: SessionRef; readonly agent: string }

/** As lists and watchers of this runtime show it. */
async function shownOf(
  context: Pick<CheckEditContext, 'store' | 'agents' | 'secrets'>,
  { ref, agent }: Session,
  { tool, input }: { readonly tool: string; readonly input: Json },
): Promise<Json> {
  const shapes = createSessionShapes(context, ref, agent)
  await shapes.learn([tool])
  return createLogMask(shapes.of, context.secrets.redactor(ref.tenant)).input(tool, input)
}

const MAX_POINTERS = 5
const POINTER_CHARACTERS = 200

function marksLeft(pointers: readonly string[]): string {
  const named = pointers.slice(0, MAX_POINTERS).map((each) => JSON.stringify(previewOf(each, POINTER_CHARACTERS)))
  const more = pointers.length > MAX_POINTERS ? ` and ${pointers.length - MAX_POINTERS} more` : ''
  return `expected values; found the mark of a hidden one ("[redacted:…]") at ${named.join(', ')}${more}, where the call has nothing that was shown so. What is hidden runs as it is where it is left as it was shown; elsewhere write the value itself`
}
