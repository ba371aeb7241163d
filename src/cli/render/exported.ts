/** `pawl export`: what was written, and where. */
import type { Exported } from '../export/export-lines.ts'
import { marks, type Style } from '../style.ts'
import { bytesShown } from './bytes.ts'
import { count, counted } from './units.ts'

/** Counted up while it is written. `path`: the file, or the folder that the files are in. */
export type WrittenExport = { readonly path: string; files: number; bytes: number; readonly exported: Exported }

export function renderExported(
  { path, files, bytes, exported }: WrittenExport,
  { style }: { readonly style: Style },
): readonly string[] {
  const { sessions, events, definitions, artifacts, gone } = exported
  const parts = [
    ...(files === 1 ? [] : [`${count(files)} files`]),
    counted(sessions, 'session'),
    counted(events, 'event'),
    ...(definitions === 0 ? [] : [counted(definitions, 'definition')]),
    ...(artifacts === 0 ? [] : [counted(artifacts, 'artifact')]),
    bytesShown(bytes),
  ]
  return [
    `${style.green(marks.ok)} wrote ${path} ${style.dim(`· ${parts.join(' · ')}`)}`,
    ...(gone === 0 ? [] : [style.yellow(`  ${counted(gone, 'artifact')} named by events: the content is gone`)]),
  ]
}
