/** How many of the cases are different from each other: a case that comes twice tries nothing. */
import { createHash } from 'node:crypto'
import { inspect } from 'node:util'
import { textCase } from './generate-text.ts'
import { valueCase } from './generate-value.ts'
import type { Kind } from './share.ts'

/** Within these cases, by hash; 0 for the kinds that it is not counted of. */
export function distinctOf(kind: Kind, from: number, cases: number): number {
  if (kind !== 'texts' && kind !== 'values') return 0
  const seen = new Set<string>()
  for (let number = from; number < from + cases; number += 1)
    seen.add(createHash('sha1').update(written(kind, number)).digest('base64'))
  return seen.size
}

function written(kind: 'texts' | 'values', number: number): string {
  if (kind === 'texts') return textCase(number).text
  // As far as it is shown: values that differ beyond that are counted as one.
  return inspect(valueCase(number), { depth: 6, customInspect: false, maxArrayLength: 20, maxStringLength: 10_000 })
}
