/** A researcher: searches in several wordings, reads the best documents, and quotes the sentences that speak of the topic. */

import type { ModelRequest } from 'pawl'
import type { ScriptedDecision } from 'pawl/models/scripted'
import { z } from 'zod'
import { hasCalled, readBrief, resultsOf } from '../../planned/read-brief.ts'
import { onOneLine, wordsOf } from '../documents.ts'
import { type Finding, readDocument, type TopicFindings } from './findings.ts'

const MOST_DOCUMENTS = 2
const MOST_FINDINGS = 3

const foundPassages = z.object({ passages: z.array(z.object({ path: z.string(), score: z.number() })) })

export function research(request: ModelRequest): ScriptedDecision {
  const { topic, folder } = askedOf(request)
  const wordings = [topic, ...wordsOf(topic).filter((word) => word !== topic)]
  if (!hasCalled(request, 'search_docs'))
    return { calls: wordings.map((query) => ({ tool: 'search_docs', input: { query, folder } })) }
  const searched = resultsOf(request, 'search_docs').map((result) => foundPassages.parse(result).passages)
  const paths = bestOf(searched.flat())
  if (paths.length > 0 && !hasCalled(request, 'read_doc'))
    return { calls: paths.map((path) => ({ tool: 'read_doc', input: { path, about: topic } })) }
  const findings = resultsOf(request, 'read_doc').flatMap((result) => findingsIn(readDocument.parse(result), topic))
  const unfound = wordings.filter((_, index) => searched[index]?.length === 0)
  const missing = [...unfound, ...(findings.length === 0 ? [`a sentence about ${topic}`] : [])]
  return { json: { topic, findings: findings.slice(0, MOST_FINDINGS), missing } satisfies TopicFindings }
}

/** As the description of the task says it. */
function askedOf(request: ModelRequest): { readonly topic: string; readonly folder: string } {
  const said = /documents in (?<folder>\S+) say about this topic: (?<topic>.+?)\. It is one part/s
  const { folder = '.', topic = '' } = said.exec(readBrief(request).task)?.groups ?? {}
  return { folder, topic }
}

function bestOf(found: readonly { readonly path: string; readonly score: number }[]): readonly string[] {
  const scores = new Map<string, number>()
  for (const { path, score } of found) scores.set(path, (scores.get(path) ?? 0) + score)
  const paths = [...scores].toSorted(([, one], [, other]) => other - one).map(([path]) => path)
  return paths.slice(0, MOST_DOCUMENTS)
}

/** Sentences that hold every word of the topic, as they stand. */
function findingsIn({ path, text }: z.infer<typeof readDocument>, topic: string): readonly Finding[] {
  const wanted = wordsOf(topic)
  const sentences = text.split(/\n\s*\n|\n(?=\s*(?:[-*|#]|\d+\.) ?)|(?<=[.;]) /).map(onOneLine)
  const about = sentences.filter((sentence) => {
    const words = new Set(wordsOf(sentence))
    return wanted.length > 0 && sentence.length < 400 && wanted.every((word) => words.has(word))
  })
  // A heading says nothing, and neither does what only leads on to something.
  const spoken = about.filter((sentence) => !sentence.startsWith('#') && !sentence.endsWith(':'))
  return spoken.slice(0, MOST_FINDINGS).map((quote) => ({ claim: plain(quote), quote, path }))
}

/** Without the marks of Markdown. */
function plain(text: string): string {
  return onOneLine(text.replaceAll(/[*`|]|^\s*(?:-|\d+\.) /g, ' '))
}
