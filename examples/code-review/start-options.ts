/** The change of this example: a commit of this repository, and the same as a patch for where git does not have it. */
import { planFrom, type StartOptions } from 'pawl'
import template from 'pawl/templates/code-review.json' with { type: 'json' }
import type { Range, SavedPatch } from './repository.ts'

/** "Show in lists at once that a message or a cancel woke a session". */
export const saved: SavedPatch = {
  from: 'd7bed8d22377ceaad502623a451286008621c4c1',
  to: '16fa2873ffdc3cbe8a0188291bf63672652cc556',
  file: new URL('./16fa287.patch', import.meta.url),
}

export function optionsFor({ from, to }: Range) {
  const plan = planFrom(template, { from, to, checks: ['whitespace', 'size'] })
  return { plan, template: template.name, message: plan.goal } satisfies StartOptions
}
