/** The skeptic: reads the code that each finding speaks of, and drops those that are not true there. */

import type { ModelRequest } from 'pawl'
import type { ScriptedDecision } from 'pawl/models/scripted'
import { hasCalled, readBrief, resultsOf } from '../../planned/read-brief.ts'
import { type Confirmed, type Finding, inspected, readFile } from './findings.ts'
import { isCode } from './look-for.ts'

/** Calls of one turn, by default. */
const MOST_FILES = 8

export function confirm(request: ModelRequest): ScriptedDecision {
  const { task, results } = readBrief(request)
  const findings = [...results.values()].flatMap(({ value }) => inspected.safeParse(value).data?.findings ?? [])
  const paths = [...new Set(findings.map(({ path }) => path))].slice(0, MOST_FILES)
  const ref = /speaks of at (?<ref>\S+), and keep/.exec(task)?.groups?.['ref'] ?? ''
  if (paths.length > 0 && !hasCalled(request, 'read_file'))
    return { calls: paths.map((path) => ({ tool: 'read_file', input: { path, ref } })) }
  const files = resultsOf(request, 'read_file').map((result) => readFile.parse(result))
  const kept: Finding[] = []
  const dropped: { problem: string; why: string }[] = []
  for (const finding of findings) {
    const file = files.find(({ path }) => path === finding.path)
    const why = whyNone(finding, new Map(linesOf(file?.text ?? '')))
    if (why === null) kept.push(finding)
    else dropped.push({ problem: `${finding.path}:${finding.line}: ${finding.problem}`, why })
  }
  return { json: { kept, dropped } satisfies Confirmed }
}

function linesOf(text: string): readonly (readonly [number, string])[] {
  return text.split('\n').map((each) => [Number.parseInt(each, 10), each.slice(each.indexOf(': ') + 2)] as const)
}

/** Null: it is true of the file as it is after the change. */
function whyNone({ path, line, problem }: Finding, lines: ReadonlyMap<number, string>): string | null {
  const text = lines.get(line)
  if (text === undefined) return 'the file has no such line after the change'
  if (problem.startsWith('a cast') && !/\bas (?!const\b)/.test(text))
    return '`as const` hides nothing from the compiler'
  if (problem.startsWith('a cast') && /\/\//.test(`${text}${lines.get(line - 1)}`))
    return 'a comment says why it is true'
  if (problem.startsWith('a line of') && !isCode(path)) return 'it is prose, which editors wrap'
  if (problem.startsWith('this file changes') && isTypeOnly(text))
    return 'only a type changes, which the compiler tests'
  return null
}

function isTypeOnly(text: string): boolean {
  return /^\s*(?:\/\*\*|export type|readonly \w+\??:)/.test(text)
}
