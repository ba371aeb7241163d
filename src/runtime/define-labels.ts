/** The closed words of a tool's definition. A label that nobody knows would be a label that no policy looks for. */
import type { AnyTool } from '../ports/index.ts'

type Labels = Pick<AnyTool, 'effect' | 'repeat' | 'sensitivity' | 'trust'>

const words: { readonly [L in keyof Labels]-?: readonly NonNullable<Labels[L]>[] } = {
  effect: ['read', 'idempotent', 'unsafe'],
  repeat: ['ask', 'allow'],
  sensitivity: ['public', 'internal', 'private'],
  trust: ['tool', 'external'],
}

/** What is wrong with the labels of a tool, whoever wrote it; null: nothing. Types say the same, where there are types. */
export function problemOfLabels(tool: Labels & Pick<AnyTool, 'egress'>): string | null {
  // The table has a line for each of them.
  for (const label of Object.keys(words) as (keyof Labels)[]) {
    const found: string | undefined = tool[label]
    if (found === undefined && label !== 'effect') continue
    const known: readonly string[] = words[label]
    if (typeof found === 'string' && known.includes(found)) continue
    return `${label} is ${known.map((word) => `'${word}'`).join(' or ')}; found ${JSON.stringify(found) ?? 'nothing'}`
  }
  const { egress } = tool
  return egress === undefined || typeof egress === 'boolean'
    ? null
    : `egress is true or false; found ${JSON.stringify(egress)}`
}
