/** References to secrets: a name that may stand in inputs, contexts and plans in place of a value that must not. */
import type { Json } from './json.ts'

/** `secret://NAME`: stands for the value, and says nothing of it. */
export type SecretReference = `secret://${string}`

/** Its end is none of the signs that end a sentence: `secretsNamedIn` could not tell them apart. */
const NAME = /^[A-Za-z](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?$/
const REFERENCES = /secret:\/\/([A-Za-z][A-Za-z0-9_.-]{0,63})/g

/**
 * A reference to a secret. It may stand wherever JSON may; only a tool that declares the name gets the value, by
 * `await context.secret(reference)`.
 * @throws RangeError if the name is not 1 to 64 letters, digits, "_", "." and "-", beginning with a letter and not ending with "." or
 * "-".
 */
export function secret(name: string): SecretReference {
  if (!isSecretName(name)) {
    throw new RangeError(
      `the name of a secret is 1 to 64 letters, digits, "_", "." and "-", beginning with a letter and not ending with "." or "-"; found ${JSON.stringify(name)}`,
    )
  }
  return `secret://${name}`
}

export function isSecretName(name: string): boolean {
  return NAME.test(name)
}

/** The name that a reference is made of; a plain name stays what it is. */
export function secretNameOf(nameOrReference: string): string {
  return nameOrReference.startsWith('secret://') ? nameOrReference.slice('secret://'.length) : nameOrReference
}

/** Every secret that is named anywhere in the value, keys and parts of texts included. */
export function secretsNamedIn(value: Json): ReadonlySet<string> {
  const names = new Set<string>()
  collect(value, names)
  return names
}

function collect(value: Json, names: Set<string>): void {
  if (typeof value === 'string') {
    // A full stop behind a reference ends a sentence.
    if (value.includes('secret://'))
      for (const [, name = ''] of value.matchAll(REFERENCES)) names.add(name.replace(/[.-]+$/, ''))
  } else if (Array.isArray(value)) {
    for (const item of value) collect(item, names)
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      collect(key, names)
      collect(member, names)
    }
  }
}
