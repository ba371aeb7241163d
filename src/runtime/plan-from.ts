/** A template, filled in: the plan that `runtime.start` takes. `pawl plan new` does the same on the command line. */
import {
  fillTemplate,
  type Json,
  type ProposedPlan,
  readTemplate,
  sayTemplateProblem,
  type TemplateProblem,
} from '../core/index.ts'
import { PawlError } from '../ports/index.ts'

/** @throws PawlError `invalid_template` with everything that is wrong, with the template or with the fields. */
export function planFrom(template: unknown, fields: { readonly [field: string]: Json }): ProposedPlan {
  const read = readTemplate(template)
  if (read.type === 'problems') throw refused(read.problems)
  const filled = fillTemplate(read.template, fields)
  if (filled.type === 'problems') throw refused(filled.problems)
  return filled.plan
}

function refused(problems: readonly TemplateProblem[]): PawlError {
  return new PawlError('invalid_template', problems.map(sayTemplateProblem).join('\n'))
}
