/** What a planner is asked with for the first plan of a piece of work. */
import { quoteText } from '../mark-external.ts'
import { cutTo } from './plan-text.ts'
import { limitsSection, type PlannerMeans, specialistsSection, toolsSection } from './planner-means.ts'
import { planRules } from './planner-rules.ts'

/** `instructions` are ours alone, and the same for every request of a mode. */
export type PlannerPrompt = { readonly instructions: string; readonly text: string }

export type PlanRequestText = PlannerMeans & {
  /** The request of a person, or the goal that was given. */
  readonly request: string
}

export const REQUEST_CHARACTERS = 16_000

export function planPrompt({ request, ...means }: PlanRequestText): PlannerPrompt {
  return {
    instructions: planRules(means.mode),
    text: [
      `[REQUEST]\n${quoteText(cutTo(request, REQUEST_CHARACTERS))}`,
      specialistsSection(means.specialists),
      toolsSection(means.tools),
      limitsSection(means, []),
    ].join('\n\n'),
  }
}
