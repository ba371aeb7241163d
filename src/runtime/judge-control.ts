/** Calls that move the plan: known where they are offered, valid by their schemas; what they come to is for control flow to say. */
import {
  type CallState,
  type ControlTool,
  controlSpec,
  isControlTool,
  type Judgement,
  ROOT_TASK,
  type State,
} from '../core/index.ts'
import { jsonSchema } from '../schemas/json-schema.ts'
import type { Activation } from './activation.ts'
import { controlsOf } from './request-of.ts'
import { tellingOf } from './sensitive-tool.ts'
import { validate } from './validate.ts'

export function judgeControl(
  { agent, driver, ref }: Activation,
  state: State,
  call: CallState,
): Judgement | Promise<Judgement> {
  const { tool } = call
  const task = state.tasks.get(call.taskId) ?? state.tasks.get(ROOT_TASK)
  const offered: readonly ControlTool[] = task === undefined ? [] : controlsOf(agent, state, task)
  if (!isControlTool(tool) || !offered.includes(tool)) {
    const message = `there is no ${tool} here; beside your own tools there are: ${offered.join(', ') || 'none'}`
    return { type: 'invalid', reason: 'unknown_tool', message, effect: 'read' }
  }
  const { inputSchema } = controlSpec(tool, [...agent.specialists.keys()])
  const telling = () => tellingOf([], call.input, driver.secrets.redactor(ref.tenant))
  const validated = validate(jsonSchema(inputSchema), call.input, telling)
  const judged = (result: Awaited<typeof validated>): Judgement =>
    result.type === 'valid'
      ? { type: 'control' }
      : { type: 'invalid', reason: 'invalid_input', message: result.message, effect: 'read' }
  return validated instanceof Promise ? validated.then(judged) : judged(validated)
}
