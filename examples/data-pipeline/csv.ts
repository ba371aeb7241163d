/** Comma-separated values as RFC 4180 has them: quotes around what holds a comma, a quote or a line break. */

export type CsvRow = { readonly [column: string]: string }

/** Where a row has more cells than there are columns, the rest stands here. A row with fewer lacks columns. */
export const EXTRA = '(extra)'

export type Csv = { readonly columns: readonly string[]; readonly rows: readonly CsvRow[] }

/** The first line names the columns. Lines may end in CRLF or LF; empty ones are left out. */
export function parseCsv(text: string): Csv {
  const [columns = [], ...lines] = linesOf(text)
  return { columns, rows: lines.map((cells) => rowOf(columns, cells)) }
}

export function renderCsv(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [columns, ...rows].map((cells) => `${cells.map((cell) => quoted(String(cell))).join(',')}\n`).join('')
}

function rowOf(columns: readonly string[], cells: readonly string[]): CsvRow {
  const named = columns.flatMap((column, index) => {
    const cell = cells[index]
    return cell === undefined ? [] : [[column, cell] as const]
  })
  const extra = cells.slice(columns.length)
  return Object.fromEntries(extra.length === 0 ? named : [...named, [EXTRA, extra.join(',')]])
}

/** A cell begins at the start of a line or after a comma; in a quoted one only a quote that stands alone ends it. */
const CELL = /(?:"(?<quoted>(?:[^"]|"")*)"|(?<bare>[^,\r\n]*))(?<end>,|\r?\n|\r|$)/y

function linesOf(text: string): readonly (readonly string[])[] {
  const lines: string[][] = []
  let cells: string[] = []
  CELL.lastIndex = 0
  while (CELL.lastIndex < text.length) {
    const at = CELL.lastIndex
    const cell = CELL.exec(text)?.groups
    if (cell === undefined) throw new Error(`expected a cell at character ${at}; found text after a closing quote`)
    cells.push(cell['quoted']?.replaceAll('""', '"') ?? cell['bare'] ?? '')
    if (cell['end'] === ',') continue
    if (cells.length > 1 || cells[0] !== '') lines.push(cells)
    cells = []
  }
  // A comma at the very end leaves one more cell, an empty one.
  if (cells.length > 0) lines.push([...cells, ''])
  return lines
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
