/** The analyst: reads each quoted document again, and keeps only what stands there word for word. */

import type { ModelRequest } from 'pawl'
import type { ScriptedDecision } from 'pawl/models/scripted'
import { hasCalled, readBrief, resultsOf } from '../../planned/read-brief.ts'
import { onOneLine } from '../documents.ts'
import { type Analysis, readDocument, topicFindings } from './findings.ts'

export function analyze(request: ModelRequest): ScriptedDecision {
  const { results, missing } = readBrief(request)
  const topics = [...results.values()].flatMap(({ value }) => topicFindings.safeParse(value).data ?? [])
  const findings = topics.flatMap((topic) => topic.findings)
  const paths = [...new Set(findings.map(({ path }) => path))]
  if (paths.length > 0 && !hasCalled(request, 'read_doc'))
    return { calls: paths.map((path) => ({ tool: 'read_doc', input: { path, about: quotesOf(findings, path) } })) }
  const read = resultsOf(request, 'read_doc').map((result) => readDocument.parse(result))
  const texts = new Map(read.map(({ path, text }) => [path, onOneLine(text)]))
  const isThere = ({ path, quote }: { path: string; quote: string }) =>
    texts.get(path)?.includes(onOneLine(quote)) === true
  const kept = topics.map(({ topic, findings: found }) => ({ topic, found: found.filter(isThere) }))
  const gaps = [
    ...findings.filter((each) => !isThere(each)).map(({ claim, path }) => `${path} does not say: ${claim}`),
    ...kept.filter(({ found }) => found.length === 0).map(({ topic }) => `nothing was found about ${topic}`),
    ...missing,
  ]
  const points = kept.flatMap(({ topic, found }) =>
    found.map(({ claim, path }) => ({ point: `${topic}: ${claim}`, paths: [path] })),
  )
  const spoken = kept.filter(({ found }) => found.length > 0).map(({ topic }) => topic)
  const answer =
    spoken.length === 0
      ? 'The documents do not answer this.'
      : `The documents answer for ${spoken.join(', ')}: ${counted(points.length, 'sentence')} of ${counted(texts.size, 'document')} ${points.length === 1 ? 'speaks' : 'speak'} of it.`
  return { json: { answer, points, gaps } satisfies Analysis }
}

/** What is looked for again. */
function quotesOf(findings: readonly { readonly path: string; readonly quote: string }[], path: string): string {
  return findings.flatMap((each) => (each.path === path ? [each.quote] : [])).join(' ')
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}
