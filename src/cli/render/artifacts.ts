/** `pawl artifact`: one line for each. */
import { artifactId } from '../../core/artifact/artifact.ts'
import type { ArtifactRow } from '../artifact-rows.ts'
import type { Style } from '../style.ts'
import { bytesShown } from './bytes.ts'
import { table } from './table.ts'
import { oneLine } from './text.ts'
import { count } from './units.ts'

type Look = { readonly style: Style; readonly width: number }

export function renderArtifacts(rows: readonly ArtifactRow[], { style, width }: Look): readonly string[] {
  if (rows.length === 0) return [style.dim('No artifacts.')]
  const cells = rows.map((row) => [
    artifactId(row),
    oneLine(row.tool),
    row.callId,
    bytesShown(row.bytes),
    oneLine(row.mediaType),
    row.sensitivity ?? '',
    count(row.seq),
    row.isThere ? 'there' : 'gone',
  ])
  const paintContent = (text: string, row: number) => (rows[row]?.isThere ? style.green(text) : style.red(text))
  return table(
    [
      { title: 'artifact', paint: style.bold },
      { title: 'tool', flexible: true },
      { title: 'call' },
      { title: 'size', align: 'right' },
      { title: 'type', paint: style.dim },
      { title: 'sensitivity', paint: style.yellow },
      { title: 'event', align: 'right', paint: style.dim },
      { title: 'content', paint: paintContent },
    ],
    cells,
    { width, title: style.dim },
  )
}
