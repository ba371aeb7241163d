/** A reviewer: reads the whole change, and looks for the one thing that its task names. */

import type { ModelRequest } from 'pawl'
import type { ScriptedDecision } from 'pawl/models/scripted'
import { hasCalled, readBrief, resultsOf } from '../../planned/read-brief.ts'
import { linesAfter } from '../change.ts'
import { readDiff } from './findings.ts'
import { looks } from './look-for.ts'

export function inspect(request: ModelRequest): ScriptedDecision {
  const { task, results } = readBrief(request)
  const shown = readDiff.safeParse(results.get('diff')?.value).data
  const read = resultsOf(request, 'read_diff').map((result) => readDiff.parse(result))
  const diff = shown ?? read[0]
  if (diff === undefined && !hasCalled(request, 'read_diff'))
    return { calls: [{ tool: 'read_diff', input: rangeIn(task) }] }
  const focus = /Look at the change for (?<focus>.+?), and for nothing else/.exec(task)?.groups?.['focus'] ?? ''
  const paths = diff?.files.map(({ path }) => path) ?? []
  const findings = looks[focus]?.(linesAfter(diff?.patch ?? ''), paths) ?? []
  return { json: { findings: [...findings] } }
}

/** As the description says it, where the change was too long to be shown. */
function rangeIn(task: string): { readonly from: string; readonly to: string } {
  const { from = '', to = '' } = /read_diff from (?<from>\S+) to (?<to>\S+),/.exec(task)?.groups ?? {}
  return { from, to }
}
