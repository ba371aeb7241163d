/** The script in place of a model. Each part reads what a model would be shown, and answers from nothing else. */
import type { Model } from 'pawl'
import { scriptedTasks } from 'pawl/models/scripted'
import { confirm } from './scripted/confirm.ts'
import { draft } from './scripted/draft.ts'
import { inspect } from './scripted/inspect.ts'

/** `others` are the reviewers: `inspect-1`, `inspect-2`, … */
export function scriptedReviewers(): Model {
  return scriptedTasks({ tasks: { confirm, draft }, others: inspect })
}
