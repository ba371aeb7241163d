/**
 * What the pipeline has to write, computed apart from it: the file is cut up by hand, and SQLite does the rest. It shares no line with
 * the pipeline, so that a mistake would have to be made twice.
 */
import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

export function expectedCsv(sourcePath: string): string {
  const database = new DatabaseSync(':memory:')
  database.exec('CREATE TABLE raw (at INTEGER PRIMARY KEY, cells INT, c, d, s, f, i, x)')
  const insert = database.prepare('INSERT INTO raw VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)')
  for (const cells of cutUp(readFileSync(sourcePath, 'utf8')).slice(1)) {
    const [c = null, d = null, s = null, f = null, i = null, x = null] = cells
    insert.run(cells.length, c, d, s, f, i, x)
  }
  const rows = database.prepare(`${CLEANED} ${MEASURED}`).all()
  database.close()
  const lines = rows.map((row) => String(row['line']))
  return `commit,date,subject,files,insertions,deletions,changed,net,size\n${lines.join('\n')}\n`
}

/** Rows of six sound cells; of those with one commit the first. SQLite's date() of a day that never was is another day. */
const CLEANED = `WITH sound AS (
  SELECT at, lower(trim(c)) AS c, trim(d) AS d, replace(trim(s), char(10), ' ') AS s,
    trim(trim(f), '+') AS f, trim(trim(i), '+') AS i, trim(trim(x), '+') AS x
  FROM raw WHERE cells = 6
), once AS (
  SELECT min(at) AS at, c, d, s, f + 0 AS f, i + 0 AS i, x + 0 AS x FROM sound
  WHERE c NOT GLOB '*[^0-9a-f]*' AND length(c) BETWEEN 7 AND 40 AND date(d, '+0 days') = d AND s <> ''
    AND f <> '' AND f NOT GLOB '*[^0-9]*' AND i <> '' AND i NOT GLOB '*[^0-9]*' AND x <> '' AND x NOT GLOB '*[^0-9]*'
  GROUP BY c
)`

const MEASURED = `SELECT c || ',' || d || ',' ||
    CASE WHEN instr(s, ',') OR instr(s, '"') THEN '"' || replace(s, '"', '""') || '"' ELSE s END ||
    ',' || f || ',' || i || ',' || x || ',' || (i + x) || ',' || (i - x) || ',' ||
    CASE WHEN i + x >= 1000 THEN 'large' WHEN i + x >= 100 THEN 'medium' ELSE 'small' END AS line
  FROM once ORDER BY at`

/** Character by character, knowing only whether it stands within quotes. */
function cutUp(text: string): readonly (readonly string[])[] {
  const lines: string[][] = [['']]
  let isQuoted = false
  for (const [index, character] of [...text].entries()) {
    const cells = lines.at(-1) ?? []
    const add = (more: string) => cells.splice(-1, 1, `${cells.at(-1)}${more}`)
    if (character === '"') {
      // A second quote in a row stands for one; the first of them has closed the cell for a moment.
      if (!isQuoted && text[index - 1] === '"' && cells.at(-1) !== '') add('"')
      isQuoted = !isQuoted
    } else if (isQuoted) add(character)
    else if (character === ',') cells.push('')
    else if (character === '\n') lines.push([''])
    else if (character !== '\r') add(character)
  }
  return lines.filter((cells) => cells.join('') !== '')
}
