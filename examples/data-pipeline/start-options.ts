/** The work of this example: the commits of a repository, from `commits.csv`. Eight rows of it are broken, and five untidy. */
import { planFrom, type StartOptions } from 'pawl'
import template from 'pawl/templates/data-pipeline.json' with { type: 'json' }

/** Started twice under one name it is one session: after a crash it goes on, after its end it only tells what came of it. */
export function optionsFor(name: string, fields: { readonly target: string; readonly maxInvalid?: number }) {
  const columns = ['commit', 'date', 'subject', 'files', 'insertions', 'deletions']
  const plan = planFrom(template, { source: 'commits.csv', columns, batchSize: 10, maxInvalid: 10, ...fields })
  return { plan, template: template.name, message: plan.goal, commandId: name } satisfies StartOptions
}
