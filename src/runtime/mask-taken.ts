/** Values of sensitive input fields that a log has shown so far, and what takes them out of texts that were made of it. */
import type { Json } from '../core/index.ts'
import { type Redactor, redactorOf } from './redact.ts'

export interface Taken {
  add(values: readonly string[]): void
  /** Without any of them. A value that is one by itself goes, however short it is; in a longer text only what does not stand there by chance. */
  json<Value extends Json>(value: Value): Value
  text(text: string): string
}

/** So many values are looked for together; each batch has a finder of its own. */
type Batch = { readonly values: readonly string[]; readonly redactor: Redactor | null }

export function createTaken(mark: string): Taken {
  const known = new Set<string>()
  let fresh: string[] = []
  const batches: Batch[] = []
  /** Batches double in size: adding a value to many costs a finder of them all only now and then. */
  const collect = () => {
    if (fresh.length === 0) return
    let values: readonly string[] = fresh
    fresh = []
    while (batches.length > 0 && (batches.at(-1)?.values.length ?? 0) <= values.length)
      values = [...(batches.pop()?.values ?? []), ...values]
    batches.push({ values, redactor: redactorOf('sensitive', values) })
  }
  const text = (given: string): string => {
    if (known.has(given)) return mark
    collect()
    return batches.reduce((left, { redactor }) => redactor?.text(left) ?? left, given)
  }
  const json = (value: Json): Json => {
    if (typeof value === 'string') return text(value)
    if (typeof value === 'number') return known.has(String(value)) ? mark : value
    if (Array.isArray(value)) return value.map(json)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [text(key), json(member)]))
  }
  return {
    add: (values) => {
      for (const value of values) {
        if (value === '' || known.has(value)) continue
        known.add(value)
        fresh.push(value)
      }
    },
    text,
    // What is taken out leaves a mark in its place: a list stays a list, an object an object.
    json: <Value extends Json>(value: Value) => json(value) as Value,
  }
}
