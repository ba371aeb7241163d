/** Calls that move the plan: known where they are offered, valid by their schemas; what they come to is for control flow to say. */
import {
  type CallState,
  type ControlTool,
  controlSpec,
  isControlTool,
  type Judgement,
  previewOf,
  ROOT_TASK,
  readDelegate,
  type State,
  type TaskState,
} from '../core/index.ts'
import { jsonSchema } from '../schemas/json-schema.ts'
import type { Activation } from './activation.ts'
import type { Agent } from './define.ts'
import { controlsOf } from './request-of.ts'
import { tellingOf } from './sensitive-tool.ts'
import { notGiven } from './tools-of-task.ts'
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
  const judged = (result: Awaited<typeof validated>): Judgement => {
    const wrong = result.type === 'valid' ? wrongTools({ agent, state, task }, call) : result.message
    return wrong === null
      ? { type: 'control' }
      : { type: 'invalid', reason: 'invalid_input', message: wrong, effect: 'read' }
  }
  return validated instanceof Promise ? validated.then(judged) : judged(validated)
}

type Giving = { readonly agent: Agent; readonly state: State; readonly task: TaskState | undefined }

/** What is delegated without the tools that it needs comes back undone: whoever delegates is told before. */
function wrongTools({ agent, state, task }: Giving, { tool, input }: CallState): string | null {
  if (tool !== 'delegate' || task === undefined) return null
  const { specialist = null, tools = [] } = readDelegate(input)
  const { missing, givable } = notGiven(agent, state, { task, specialist, tools })
  if (missing.length === 0) return null
  const whom = specialist === null ? 'who works on it' : specialist
  const found = missing.map((name) => previewOf(name, 100)).join(', ')
  return `tools: ${whom} can be given ${givable.join(', ') || 'none'}; found ${found}`
}
