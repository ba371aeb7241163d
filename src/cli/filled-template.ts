/** A template and the fields that were typed, as the plan that comes of them. */
import {
  fillTemplate,
  type PlanLimits,
  type ProposedPlan,
  sayTemplateProblem,
  structureContext,
  type Template,
  validatePlan,
} from '../core/index.ts'
import { CliError, usageError } from './errors.ts'
import { oneLine } from './render/text.ts'
import { counted } from './render/units.ts'
import { marks } from './style.ts'

/** For an option that may be given several times: `--field from=main --field focus=tests`. */
export function collectField(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text]
}

/** @throws CliError `usage` with all that is wrong with the fields, `invalid_template` where no such plan can be carried out. */
export function filledIn(template: Template, fields: readonly string[], limits: PlanLimits): ProposedPlan {
  const filled = fillTemplate(template, valuesOf(fields))
  if (filled.type === 'problems') {
    const sentences = filled.problems.map((problem) => `\n  ${marks.bad} ${oneLine(sayTemplateProblem(problem))}`)
    const how = '`pawl plan new` lists the fields; each is given as --field name=value.'
    throw usageError(
      `expected ${template.name} to be filled in; found ${counted(sentences.length, 'problem')}:${sentences.join('')}\n  ${how}`,
    )
  }
  // A mistake of the template, such as a cycle, should not wait until somebody starts its plan.
  const context = structureContext(filled.plan, { mode: 'strict', limits })
  const { problems } = validatePlan(filled.plan, context)
  if (problems.length === 0) return filled.plan
  const sentences = problems.map(({ code, message }) => `\n  ${marks.bad} ${code}: ${oneLine(message)}`)
  throw new CliError(
    'invalid_template',
    `expected a plan that can be carried out; found that ${template.name} makes one with ${counted(problems.length, 'problem')}:${sentences.join('')}`,
  )
}

/** Of `name=value`: what follows the first "=" is the value. */
function valuesOf(fields: readonly string[]): Readonly<Record<string, string>> {
  const values = new Map<string, string>()
  for (const field of fields) {
    const at = field.indexOf('=')
    const name = field.slice(0, at)
    if (at < 1) throw usageError(`expected --field name=value; found ${JSON.stringify(field)}`)
    if (values.has(name)) {
      const list = 'A list is one value: --field name=a,b.'
      throw usageError(`expected --field ${name} once; found it twice. ${list}`)
    }
    values.set(name, field.slice(at + 1))
  }
  return Object.fromEntries(values)
}
