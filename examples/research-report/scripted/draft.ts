/** The writer: the answer, the points with their documents, and what is missing. As long as it may be. */

import type { ModelRequest } from 'pawl'
import type { ScriptedDecision } from 'pawl/models/scripted'
import { readBrief } from '../../planned/read-brief.ts'
import { type Analysis, analysis, topicFindings } from './findings.ts'

export function draft(request: ModelRequest): ScriptedDecision {
  const { task, results, missing } = readBrief(request)
  const { words, question } = askedOf(task)
  const analyzed = analysis.safeParse(results.get('analyze')?.value).data
  const found = analyzed ?? unanalyzed([...results.values()].map(({ value }) => value))
  const gaps = [...new Set([...found.gaps, ...missing])]
  const lines = [
    `# ${question}`,
    found.answer,
    '## What the documents say',
    ...found.points.map(({ point, paths }) => `- ${point} (${paths.join(', ')})`),
    '## What is missing',
    ...(gaps.length === 0 ? ['Nothing that was asked for.'] : gaps.map((gap) => `- ${gap}`)),
  ]
  return { json: { text: `${within(lines, words).join('\n\n')}\n`, missing: gaps } }
}

/** Where there is no analysis, the findings as they are. */
function unanalyzed(values: readonly unknown[]): Analysis {
  const topics = values.flatMap((value) => topicFindings.safeParse(value).data ?? [])
  const points = topics.flatMap(({ topic, findings }) =>
    findings.map(({ claim, path }) => ({ point: `${topic}: ${claim}`, paths: [path] })),
  )
  return { answer: 'Nobody has analyzed what was found.', points, gaps: [] }
}

function askedOf(task: string): { readonly words: number; readonly question: string } {
  const { words = '800', question = '' } =
    /at most (?<words>\d+) words.+?answer to: (?<question>.+?) Then the points/s.exec(task)?.groups ?? {}
  return { words: Number(words), question }
}

/** Points are left out from the last on; a heading and the gaps stay. */
function within(lines: readonly string[], words: number): readonly string[] {
  const count = (all: readonly string[]) => all.join(' ').split(/\s+/).filter(Boolean).length
  const shown = [...lines]
  while (count(shown) > words) {
    const point = shown.findLastIndex((line) => line.startsWith('- ') && line.endsWith(')'))
    if (point < 0) break
    shown.splice(point, 1)
  }
  return shown
}
