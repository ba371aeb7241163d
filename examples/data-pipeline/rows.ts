/** What the pipeline does with rows: pure functions, one for each step. */
import { z } from 'zod'
import { type CsvRow, EXTRA } from './csv.ts'

export const rawRow = z.record(z.string(), z.string())

/** A commit, as it stands in the log of a repository. */
export const cleanRow = z.strictObject({
  commit: z.string(),
  date: z.iso.date(),
  subject: z.string(),
  files: z.int(),
  insertions: z.int(),
  deletions: z.int(),
})
export type CleanRow = z.infer<typeof cleanRow>

export const sizes = ['small', 'medium', 'large'] as const

/** In the order in which the columns are written. */
export const transformedRow = cleanRow.extend({ changed: z.int(), net: z.int(), size: z.enum(sizes) })
export type TransformedRow = z.infer<typeof transformedRow>

export type InvalidRow = { readonly row: number; readonly why: string }

/** `row` counts from 1, the line with the names of the columns left out. */
export function validateRows(
  rows: readonly CsvRow[],
  columns: readonly string[],
): { readonly valid: readonly CsvRow[]; readonly invalid: readonly InvalidRow[] } {
  const valid: CsvRow[] = []
  const invalid: InvalidRow[] = []
  const seen = new Map<string, number>()
  for (const [index, row] of rows.entries()) {
    const commit = (row['commit'] ?? '').trim().toLowerCase()
    const earlier = seen.get(commit)
    const why = whyInvalid(row, columns) ?? (earlier === undefined ? null : `the same commit as row ${earlier}`)
    if (why !== null) invalid.push({ row: index + 1, why })
    else {
      valid.push(row)
      seen.set(commit, index + 1)
    }
  }
  return { valid, invalid }
}

function whyInvalid(row: CsvRow, columns: readonly string[]): string | null {
  const lacking = columns.filter((column) => row[column] === undefined)
  if (lacking.length > 0) return `it has no ${lacking.join(', ')}`
  if (row[EXTRA] !== undefined) return `it has more cells than columns: ${JSON.stringify(row[EXTRA])}`
  for (const [column, [fits, expected]] of Object.entries(rules)) {
    const cell = row[column]?.trim() ?? ''
    if (!fits(cell)) return `${column} is ${JSON.stringify(cell)}, expected ${expected}`
  }
  return null
}

const isWhole = (cell: string) => /^\+?\d+$/.test(cell)
const count = [isWhole, 'a whole number'] as const

const rules: { readonly [column: string]: readonly [(cell: string) => boolean, string] } = {
  commit: [(cell) => /^[0-9a-f]{7,40}$/i.test(cell), 'a hash'],
  date: [(cell) => z.iso.date().safeParse(cell).success, 'a day as 2026-11-21'],
  subject: [(cell) => cell !== '', 'some text'],
  files: count,
  insertions: count,
  deletions: count,
}

/** Only of valid rows. */
export function cleanRows(rows: readonly CsvRow[]): readonly CleanRow[] {
  return rows.map((row) => {
    const cell = (column: string) => (row[column] ?? '').trim()
    return {
      commit: cell('commit').toLowerCase(),
      date: cell('date'),
      subject: cell('subject').replaceAll(/\s+/g, ' '),
      files: Number(cell('files')),
      insertions: Number(cell('insertions')),
      deletions: Number(cell('deletions')),
    }
  })
}

export function splitRows<Row>(rows: readonly Row[], size: number): readonly (readonly Row[])[] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
    rows.slice(index * size, (index + 1) * size),
  )
}

export function transformBatch(rows: readonly CleanRow[]): readonly TransformedRow[] {
  return rows.map((row) => {
    const changed = row.insertions + row.deletions
    return { ...row, changed, net: row.insertions - row.deletions, size: sizeOf(changed) }
  })
}

function sizeOf(changed: number): TransformedRow['size'] {
  if (changed < 100) return 'small'
  return changed < 1_000 ? 'medium' : 'large'
}
