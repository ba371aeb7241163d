import type { SecretResolver } from './secrets.ts'

/**
 * A resolver over values that are there already, such as `process.env` in a configuration: the same for every tenant. An empty
 * value counts as none.
 */
export function secretsFrom(values: Readonly<Record<string, string | undefined>>): SecretResolver {
  return (name) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    return value === '' ? undefined : value
  }
}
