/** The script in place of a model: it says what it was shown of the steps, as a model should. */
import type { Json, Model, ModelRequest } from 'pawl'
import { scriptedTasks } from 'pawl/models/scripted'
import { type ReadBrief, readBrief } from '../planned/read-brief.ts'

export function scriptedSteward(): Model {
  return scriptedTasks({ tasks: { summarize: (request) => ({ json: summaryOf(request) }) } })
}

function summaryOf(request: ModelRequest): Json {
  const brief = readBrief(request)
  const rowsRead = countIn(brief, 'read', 'count')
  const rowsInvalid = countIn(brief, 'validate', 'invalid')
  const rowsWritten = countIn(brief, 'write', 'count')
  const reasons = reasonsIn(brief)
  const left = rowsInvalid === 0 ? 'none was left out' : `${rowsInvalid ?? 'nobody knows how many'} were left out`
  const text = [
    `${rowsRead ?? 'Nobody knows how many'} rows were read, ${left}, ${rowsWritten ?? 'none'} were written.`,
    ...(reasons.length > 0 ? [`Left out: ${reasons.join('; ')}.`] : []),
    ...brief.missing.map((line) => `Missing: ${line}.`),
  ].join(' ')
  return { rowsRead, rowsInvalid, rowsWritten, missing: [...brief.missing], text }
}

/** The rows themselves may be too many to be shown; the counts stand before them. */
function countIn({ results }: ReadBrief, task: string, name: string): number | null {
  const found = new RegExp(`"${name}":(\\d+)`).exec(results.get(task)?.text ?? '')?.[1]
  return found === undefined ? null : Number(found)
}

function reasonsIn({ results }: ReadBrief): readonly string[] {
  const shown = results.get('validate')?.text ?? ''
  const rows = [...shown.matchAll(/\{"row":(?<row>\d+),"why":(?<why>"(?:[^"\\]|\\.)*")\}/g)]
  return rows.map(({ groups }) => `row ${groups?.['row']}, ${JSON.parse(groups?.['why'] ?? '""')}`)
}
