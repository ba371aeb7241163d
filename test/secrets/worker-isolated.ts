/** What runs beside the runtime: it gets its secret by the same way, and says it. */
import type { ToolContext } from 'pawl'

export async function run(_: object, context: ToolContext): Promise<unknown> {
  const value = await context.secret('P_isolated_output')
  return { said: `in a thread ${value}` }
}
