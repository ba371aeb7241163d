import { type Json, type Judgement, secretsNamedIn } from '../core/index.ts'
import type { AnyTool } from '../ports/index.ts'
import type { Activation } from './activation.ts'
import { notDeclared } from './secrets.ts'

/**
 * Whether a call may be judged at all, as far as secrets go: its input names only those that the tool declares, holds no value of
 * one, and each that is declared can be had. That is found out here, before any intent: a call that is refused has not begun.
 */
export function judgeSecrets(
  { agent, driver, ref }: Activation,
  tool: AnyTool,
  input: Json,
): Judgement | null | Promise<Judgement | null> {
  const { secrets } = driver
  const look = () => inputSecrets({ driver, ref }, tool, input)
  if (secrets.isReady(agent, ref.tenant, tool)) return look()
  return secrets
    .prepare(agent, ref.tenant, tool)
    .then(([problem]) => (problem === undefined ? look() : refused(tool, `${problem.code}: ${problem.message}`)))
}

/** The same of the input alone; a schema may have made another one of it than was asked for. */
export function inputSecrets(
  { driver, ref }: Pick<Activation, 'driver' | 'ref'>,
  tool: AnyTool,
  input: Json,
): Judgement | null {
  const { secrets, wiring } = driver
  const foreign = [...secretsNamedIn(input)].find((name) => tool.secrets?.includes(name) !== true)
  if (foreign !== undefined) return refused(tool, notDeclared(foreign, tool).message)
  const held = wiring.redaction.inputRefusal(input, secrets.redactor(ref.tenant))
  return held === null ? null : refused(tool, held)
}

function refused({ effect }: AnyTool, message: string): Judgement {
  return { type: 'invalid', reason: 'invalid_input', message, effect }
}
