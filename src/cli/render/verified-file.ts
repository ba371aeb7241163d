/** `pawl verify --file`: whether an export is what was written. */
import type { VerifiedFile } from '../export/verify-export.ts'
import { marks, type Style } from '../style.ts'
import type { Verified } from '../verify-log.ts'
import { joined, oneLine } from './text.ts'
import { count, counted } from './units.ts'
import { renderVerified, type VerifiedTally } from './verified.ts'

type Look = { readonly style: Style; readonly textWidth: number }
/** `only`: the session, where there is one and it holds. */
type Shown = {
  readonly path: string
  readonly file: VerifiedFile
  readonly tally: VerifiedTally
  readonly only: Verified | null
}

export function renderVerifiedFile({ path, file, tally, only }: Shown, look: Look): readonly string[] {
  const { style, textWidth } = look
  const { lines, definitions, artifacts, missing, problems } = file
  const { sessions, events, broken, erased, emptied } = tally
  const isWhole = broken + emptied + problems.length === 0
  const parts = [
    counted(lines, 'line'),
    `${counted(sessions, 'session')}${erased === 0 ? '' : ` (${count(erased)} erased)`}`,
    counted(events, 'event'),
    ...(definitions === 0 ? [] : [counted(definitions, 'definition')]),
    ...(artifacts === 0 ? [] : [counted(artifacts, 'artifact')]),
  ]
  const verdict = isWhole
    ? `${style.green(marks.ok)} ${style.bold(path)}  every chain holds, and no character was changed`
    : `${style.red(marks.bad)} ${style.bold(path)}  ${style.red('it is not what was written')}`
  return [
    ...(only === null ? [] : renderVerified(only, look)),
    verdict,
    ...problems.map(({ line, says }) => `  line ${count(line)}: ${oneLine(says)}`),
    ...joined(parts, textWidth - 2).map((line) => style.dim(`  ${line}`)),
    ...(missing === 0
      ? []
      : [style.dim(`  The content of ${count(missing)} of them was gone when the export was made.`)]),
  ]
}
