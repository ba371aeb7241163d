import type { Refusal } from './suite.ts'

/** What a refusal says, and the keyword that it is about. */
const keywords: readonly (readonly [says: RegExp, keyword: string])[] = [
  [/: \$dynamicRef is not supported/, '$dynamicRef'],
  // ajv follows some references to themselves, and runs out of stack.
  [/: can't resolve reference |: Maximum call stack size exceeded$/, '$ref'],
  [/: no schema with key or ref /, '$schema'],
  [/: enum must have non-empty array$/, 'enum'],
]

/** The required tests that each keyword has refused, most of them first; `unknown`: refusals that speak of none of these keywords. */
export function refusalsByKeyword(refused: ReadonlyMap<string, Refusal>): {
  readonly byKeyword: ReadonlyMap<string, number>
  readonly unknown: readonly string[]
} {
  const counts = new Map<string, number>()
  const unknown: string[] = []
  for (const [name, { tests, why }] of refused) {
    const keyword = keywords.find(([says]) => says.test(why))?.[1]
    if (keyword === undefined) unknown.push(`${name}: ${why}`)
    else counts.set(keyword, (counts.get(keyword) ?? 0) + tests)
  }
  return { byKeyword: new Map([...counts].toSorted(([, one], [, other]) => other - one)), unknown }
}
