/** The writer: the verdict, the findings by severity, the checks, and what could not be looked at. */

import type { ModelRequest } from 'pawl'
import type { ScriptedDecision } from 'pawl/models/scripted'
import { readBrief } from '../../planned/read-brief.ts'
import { confirmed, type Finding, finding, inspected, ranCheck, readDiff } from './findings.ts'

export function draft(request: ModelRequest): ScriptedDecision {
  const { results, missing } = readBrief(request)
  const values = [...results.values()].map(({ value }) => value)
  const doubted = confirmed.safeParse(results.get('confirm')?.value).data
  const kept = doubted?.kept ?? values.flatMap((value) => inspected.safeParse(value).data?.findings ?? [])
  const checked = values.flatMap((value) => ranCheck.safeParse(value).data ?? [])
  const files = readDiff.safeParse(results.get('diff')?.value).data?.files
  const verdict = verdictOf(kept, { hasFailed: checked.some(({ passed }) => !passed), isWhole: missing.length === 0 })
  const bySeverity = finding.shape.severity.options.flatMap((each) => kept.filter(({ severity }) => severity === each))
  const lines = [
    `# ${verdict}`,
    ...(files === undefined ? [] : [`${files.length} files are changed.`]),
    ...bySeverity.map((each) => `- **${each.severity}** ${each.path}:${each.line}: ${each.problem}. ${each.mend}`),
    ...checked.map(
      ({ check, problem }) => `- check ${check}: ${problem === undefined ? 'passed' : `failed: ${problem}`}`,
    ),
    ...(doubted?.dropped ?? []).map(({ problem, why }) => `- dropped: ${problem}; ${why}`),
    ...missing.map((each) => `- not looked at: ${each}`),
  ]
  return { json: { verdict, text: `${lines.join('\n\n')}\n`, missing: [...missing] } }
}

type Seen = { readonly hasFailed: boolean; readonly isWhole: boolean }

function verdictOf(kept: readonly Finding[], { hasFailed, isWhole }: Seen): 'approve' | 'comment' | 'request_changes' {
  if (hasFailed || kept.some(({ severity }) => severity === 'blocker')) return 'request_changes'
  return kept.length > 0 || !isWhole ? 'comment' : 'approve'
}
