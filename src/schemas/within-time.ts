/**
 * A bound on what a foreign schema may cost. A pattern that goes back over its text (`^(a+)+$`), or a schema that refers to itself in two
 * branches, can take longer than the world has stood for an input of 40 characters; 20,000 items that have to differ take some
 * seconds. Meanwhile every session of the process would be held up.
 */
import { createContext, Script } from 'node:vm'
import type { ValidateFunction } from './ajv.ts'

/** Far over what any honest schema takes for an input of at most 256 KiB. */
const MAX_CHECK_MS = 1_000

/**
 * Where this is false, what a check costs grows with the schema times the value. A pattern and a reference may cost any power of it;
 * items that have to differ are compared two by two, so that the square of a long list is still too much.
 */
export function mayTakeLong(schemaText: string): boolean {
  return /"(?:pattern|patternProperties|uniqueItems|\$ref|\$dynamicRef)":/.test(schemaText)
}

type Running = { run?: () => boolean }

/** The engine ends a script that takes too long, whatever runs in it; one is shared, since checks never wait. */
let shared: { readonly script: Script; readonly running: Running } | null = null

/** The same validator, which throws where it took too long. */
export function withinTime(
  validate: ValidateFunction,
): Pick<ValidateFunction, 'errors'> & ((value: unknown) => boolean) {
  const bounded = (value: unknown): boolean => {
    shared ??= { script: new Script('run()'), running: createContext({}) }
    const { script, running } = shared
    running.run = () => validate(value)
    try {
      return script.runInContext(running, { timeout: MAX_CHECK_MS }) === true
    } catch (error) {
      throw isTimeout(error) ? new RangeError(`it took longer than ${MAX_CHECK_MS} ms`) : error
    } finally {
      delete running.run
    }
  }
  return Object.defineProperty(bounded, 'errors', { get: () => validate.errors })
}

function isTimeout(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
}
