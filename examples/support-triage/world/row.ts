/** A row as SQLite gives it, before its columns are known to have the expected types. */
export type Row = Readonly<Record<string, unknown>>

/** A stored row does not have the shape that this example writes. */
export class RowError extends Error {
  readonly code = 'unexpected_row'
  readonly column: string

  constructor(column: string, expected: string, found: unknown) {
    super(
      `Column "${column}": expected ${expected}, found ${typeof found}. ` +
        'Was the file written by another program? Delete it to begin with a fresh world.',
    )
    this.name = 'RowError'
    this.column = column
  }
}

/** The text in a column. */
export function text(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw new RowError(column, 'text', value)
  return value
}

/** The text in a column, or null. */
export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column)
}

/** The number in a column. */
export function number(row: Row, column: string): number {
  const value = row[column]
  if (typeof value !== 'number') throw new RowError(column, 'a number', value)
  return value
}

/** The text in a column, which must be one of `members`. */
export function member<Member extends string>(row: Row, column: string, members: readonly Member[]): Member {
  const value = text(row, column)
  const found = members.find((candidate) => candidate === value)
  if (found === undefined) throw new RowError(column, `one of ${members.join(', ')}`, value)
  return found
}
