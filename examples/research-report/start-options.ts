/** The question of this example, to this repository's own documents. */
import { planFrom, type StartOptions } from 'pawl'
import template from 'pawl/templates/research-report.json' with { type: 'json' }

export type Asked = { readonly question: string; readonly topics: readonly string[]; readonly report: string }

export const asked: Asked = {
  question: 'What does a session survive, and what may still go wrong?',
  topics: ['power loss', 'unsafe call', 'frozen worker', 'moon phases'],
  report: 'report.md',
}

export function optionsFor({ question, topics, report }: Asked) {
  const plan = planFrom(template, { question, topics, report, folder: 'docs', words: 600 })
  return { plan, template: template.name, message: question } satisfies StartOptions
}
