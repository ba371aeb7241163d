/** A plan as it stands in a file. */
import { type Json, type PlanProblem, parseJson, type ReadPlan, readPlan } from '../core/index.ts'

/** Of the file of a plan: as much as `readPlan` takes. */
const FILE_LIMITS = { maxDepth: 64, maxBytes: 16 * 1_048_576 }

/** As far as it can be told from the text alone: whether it can be carried out is another question. */
export function readPlanText(text: string): ReadPlan {
  const parsed = parseJson(text, FILE_LIMITS, 'refuse')
  return parsed.type === 'problem'
    ? { type: 'problems', problems: [notJson(parsed.problem)] }
    : readPlan(withoutSchema(parsed.value))
}

/** A file may say by which schema it is written (`pawl plan schema`), which is nothing of the plan. */
export function withoutSchema(value: Json): Json {
  if (typeof value !== 'object' || value === null || !('$schema' in value)) return value
  const { $schema, ...plan } = value
  return typeof $schema === 'string' ? plan : value
}

function notJson(problem: string): PlanProblem {
  return { code: 'malformed', tasks: [], message: `Expected a plan as JSON; found, ${problem}. Mend it there.` }
}
