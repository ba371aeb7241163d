/** Aligned columns that fit the width. */
import { cut, padEnd, padStart, widthOf } from './text.ts'

export type Column = {
  readonly title: string
  readonly align?: 'left' | 'right'
  /** Gives way where the table is too wide; without one, the last column does. */
  readonly flexible?: boolean
  /** Applied after the text was cut and padded. */
  readonly paint?: (padded: string, row: number) => string
}

export type TableOptions = {
  /** Cells of the terminal; Infinity: nothing is cut. */
  readonly width: number
  readonly indent?: number
  readonly title?: (text: string) => string
}

const GAP = 2
const NARROWEST = 8

/** Cells are texts without colours; columns paint them. An empty column is left out. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  options: TableOptions,
): readonly string[] {
  const used = columns.flatMap((column, index) => (rows.some((row) => row[index]) ? [{ column, index }] : []))
  const natural = used.map(({ column, index }) =>
    Math.max(widthOf(column.title), ...rows.map((row) => widthOf(row[index] ?? ''))),
  )
  const widths = fitted(
    used.map(({ column }) => column),
    natural,
    options,
  )
  const line = (cellOf: (place: number) => string, paint: (text: string, place: number) => string) =>
    (
      ' '.repeat(options.indent ?? 0) + used.map((_, place) => paint(cellOf(place), place)).join(' '.repeat(GAP))
    ).trimEnd()
  const pad = (text: string, place: number) => {
    const width = widths[place] ?? 0
    if (place === used.length - 1 && used[place]?.column.align !== 'right') return cut(text, width)
    return used[place]?.column.align === 'right' ? padStart(cut(text, width), width) : padEnd(cut(text, width), width)
  }
  const body = rows.map((row, number) =>
    line(
      (place) => row[used[place]?.index ?? 0] ?? '',
      (text, place) => (used[place]?.column.paint ?? same)(pad(text, place), number),
    ),
  )
  if (options.title === undefined) return body
  const { title } = options
  return [
    line(
      (place) => used[place]?.column.title ?? '',
      (text, place) => title(pad(text, place)),
    ),
    ...body,
  ]
}

function same(text: string): string {
  return text
}

/** The flexible column gives way first, then the widest of the others, one cell at a time. */
function fitted(
  columns: readonly Column[],
  natural: readonly number[],
  { width, indent = 0 }: TableOptions,
): readonly number[] {
  const widths = [...natural]
  const marked = columns.findIndex((column) => column.flexible)
  const flexible = marked === -1 ? columns.length - 1 : marked
  let over = natural.reduce((total, each) => total + each, 0) + GAP * (columns.length - 1) + indent - width
  while (over > 0) {
    const place = (widths[flexible] ?? 0) > NARROWEST ? flexible : widths.indexOf(Math.max(...widths))
    const cells = widths[place] ?? 0
    if (cells <= NARROWEST) break
    widths[place] = cells - 1
    over -= 1
  }
  return widths
}
