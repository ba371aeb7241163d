/** The part of `tool({...})` that says where a tool runs: here, or in a module beside the runtime. */
import { existsSync } from 'node:fs'
import { defaultLimits } from '../../core/index.ts'
import { type AnyTool, type Tool, type ToolContext, type ToolDefinition, ToolError } from '../../ports/index.ts'
import { startIsolated } from './start.ts'
import { thrownError } from './thrown.ts'

/** What is wrong with what is said of where it runs, with what to write instead; null: nothing. */
export function problemOfPlace(definition: object): string | null {
  const { name, run, verify, isolation, module }: { readonly [field: string]: unknown } = { ...definition }
  const example = `isolation: 'process', module: new URL('./${String(name)}.ts', import.meta.url)`
  if (isolation === undefined && module === undefined)
    return typeof run === 'function' ? null : `expected run, or ${example}; found neither`
  if (run !== undefined || verify !== undefined)
    return `an isolated tool has its run and verify in its module, since closures cannot cross; take ${run === undefined ? 'verify' : 'run'} out of the definition, or write no isolation`
  if (isolation !== 'worker' && isolation !== 'process')
    return `isolation is 'worker' or 'process', found ${JSON.stringify(isolation) ?? String(isolation)}`
  if (!(module instanceof URL)) return `an isolated tool names the module that has its run: ${example}`
  if (module.protocol !== 'file:') return `its module has to be a file, as in ${example}; found ${module.href}`
  return existsSync(module) ? null : `its module ${module.href} does not exist`
}

/** The same of a tool, however it was made: an isolated one has both. */
export function problemOfMade(made: AnyTool): string | null {
  const { run: _run, verify: _verify, ...place } = made
  return made.isolation === undefined ? problemOfPlace(made) : problemOfPlace(place)
}

/**
 * The definition as a tool. `run` of an isolated one starts its module beside the caller, with the default limit of memory. How long it
 * may take is the caller's to say, by the signal: only the runtime ends a tool that ignores it.
 */
export function placed<Input, Output>(definition: ToolDefinition<Input, Output>): Tool<Input, Output> {
  if (definition.isolation === undefined) return definition
  const { run: _run, verify: _verify, ...terms } = definition
  const run = async (input: Input, context: ToolContext): Promise<Output> => {
    const { isolatedMemoryBytes: memoryBytes } = defaultLimits
    // The schema of the tool has let the input through, so it is JSON; the output is what the module promises.
    const whenever = { startWithinMs: null, endWithinMs: null }
    const asked = { call: 'run', input: input as never, context, memoryBytes, ...whenever } as const
    const running = startIsolated(definition, asked)
    const answer = await running.answer
    if (answer.type === 'output') return answer.output as Output
    if (answer.type === 'threw') throw thrownError(answer)
    const found = answer.type === 'unreadable' ? `its output is not JSON: ${answer.problem}` : answer.message
    throw new ToolError(found ?? 'it answered with a verification')
  }
  return { ...terms, run }
}
