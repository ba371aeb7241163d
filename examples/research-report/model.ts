/** The script in place of a model. Each part reads what a model would be shown, and answers from nothing else. */
import type { Model } from 'pawl'
import { scriptedTasks } from 'pawl/models/scripted'
import { analyze } from './scripted/analyze.ts'
import { draft } from './scripted/draft.ts'
import { research } from './scripted/research.ts'

/** `others` are the topics: `research-1`, `research-2`, … */
export function scriptedResearchers(): Model {
  return scriptedTasks({ tasks: { analyze, draft }, others: research })
}
