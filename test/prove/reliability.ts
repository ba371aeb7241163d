/** `docs/reliability.md`, rendered from the records of the proofs: no figure in it is typed by hand. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Caught, type Figure, type ProofRecord, recordFile, type Size } from './proof.ts'
import { type ProofEntry, proofs } from './proofs.ts'

export const reliabilityFile = fileURLToPath(new URL('../../docs/reliability.md', import.meta.url))

const sizes: readonly Size[] = ['small', 'night']

/** What each proof last recorded at each size; what never ran is absent. */
export type Records = ReadonlyMap<string, Readonly<Partial<Record<Size, ProofRecord>>>>

export function readRecords(): Records {
  return new Map(proofs.map(({ name }) => [name, { ...readSize(name, 'small'), ...readSize(name, 'night') }]))
}

function readSize(name: string, size: Size): Partial<Record<Size, ProofRecord>> {
  const file = recordFile(name, size)
  // Only `openProof` writes these files.
  return existsSync(file) ? { [size]: JSON.parse(readFileSync(file, 'utf8')) as ProofRecord } : {}
}

export function renderReliability(records: Records): string {
  return `${[
    '# How the promises are proven, and what came of it',
    'Made by `npm run prove`; do not edit. Every figure is from a record in `test/prove/records/` that the command beside it wrote. The promises themselves,',
    'with their edges, are in [guarantees.md](guarantees.md). `npm test` runs every proof at the small size; `npm run prove -- --size night` runs the large one,',
    'with `--minutes N` as far as the time allows. A size that was not run reads `not run`.',
    'Where time ended a run before its goal, or not all of something holds, the first such figure stands beside the word; `in part` says that',
    'there is something of which nothing was done.',
    '',
    '| proof | promises | small: `npm run prove -- NAME` | night: `… --size night` |',
    '|---|---|---|---|',
    ...proofs.map((entry) => overviewRow(entry, records)),
    '',
    ...proofs.flatMap((entry) => section(entry, records)),
  ].join('\n')}`
}

function overviewRow({ name, title, promises }: ProofEntry, records: Records): string {
  return `| [${title}](#${anchor(title)}) | ${promises} | ${sizes.map((size) => came(records.get(name)?.[size])).join(' | ')} |`
}

function came(record: ProofRecord | undefined): string {
  if (record === undefined) return 'not run'
  const { passed, failed, skipped, figures } = record
  if (failed > 0) return `**${failed} failed**, ${passed} passed`
  if (passed === 0 && skipped.length > 0) return 'skipped'
  const short = figures.filter(({ value, goal }) => goal !== undefined && value < goal)
  const absent = short.find(({ value }) => value === 0)
  if (absent !== undefined) return `in part; ${absent.name}: ${sayFigure(absent)}`
  const [first] = short
  return first === undefined ? 'held' : `held; ${first.name}: ${sayFigure(first)}`
}

function section({ name, title, promises, does }: ProofEntry, records: Records): readonly string[] {
  const ran = sizes.flatMap((size) => records.get(name)?.[size] ?? [])
  return [
    `## ${title}`,
    '',
    `${does} Promises: ${promises}.`,
    '',
    ...(ran.length === 0 ? ['Not run.', ''] : [...runs(ran), ...figures(ran), ...planted(ran), ...gaps(ran)]),
  ]
}

function runs(ran: readonly ProofRecord[]): readonly string[] {
  const rows = ran.map(
    ({ size, command, commit, node, finishedAt, seconds, passed, failed, skipped }) =>
      `| ${size} | \`${command}\` | ${commit} | ${node} | ${finishedAt.slice(0, 10)} | ${duration(seconds)} | ${passed} passed, ${failed} failed, ${skipped.length} skipped |`,
  )
  return ['| size | command | commit | node | on | took | checks |', '|---|---|---|---|---|---|---|', ...rows, '']
}

function figures(ran: readonly ProofRecord[]): readonly string[] {
  const names = [...new Set(ran.flatMap((record) => record.figures.map(({ name }) => name)))]
  if (names.length === 0) return []
  return table(
    '',
    ran,
    names.map((name) => [name, (record) => sayFigure(record.figures.find((figure) => figure.name === name))]),
  )
}

function planted(ran: readonly ProofRecord[]): readonly string[] {
  const bugs = [...new Set(ran.flatMap((record) => record.caught.map(({ bug }) => bug)))]
  if (bugs.length === 0) return []
  return table('planted bugs caught', ran, [
    // Of this run: the bugs of two sizes are not the same ones.
    ['all of them', (record) => number(record.caught.length)],
    ...bugs.map((bug): Row => [bug, (record) => sayCaught(record.caught.find((caught) => caught.bug === bug))]),
  ])
}

type Row = readonly [name: string, cell: (record: ProofRecord) => string]

function table(title: string, ran: readonly ProofRecord[], rows: readonly Row[]): readonly string[] {
  return [
    `| ${title} | ${ran.map(({ size }) => size).join(' | ')} |`,
    `|---|${ran.map(() => '---|').join('')}`,
    ...rows.map(([name, cell]) => `| ${plain(name)} | ${ran.map((record) => plain(cell(record))).join(' | ')} |`),
    '',
  ]
}

function gaps(ran: readonly ProofRecord[]): readonly string[] {
  const sentences = [...new Set(ran.flatMap(({ notTested, skipped }) => [...notTested, ...skipped.map(skip)]))]
  if (sentences.length === 0) return []
  return ['Not tested:', '', ...sentences.map((sentence) => `- ${sentence}`), '']
}

function skip(name: string): string {
  return `skipped in this run: ${name}`
}

function sayFigure(figure: Figure | undefined): string {
  if (figure === undefined) return ''
  const { value, unit, goal } = figure
  const of = goal === undefined || goal === value ? '' : ` of ${number(goal)}`
  return `${number(value)}${of}${unit === undefined ? '' : ` ${unit}`}`
}

function sayCaught(caught: Caught | undefined): string {
  return caught === undefined ? '' : `after ${number(caught.tries)} ${caught.of}, by “${caught.by}”`
}

function number(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 3 })
}

function duration(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
}

/** A cell of a table holds no bar and no line break. */
function plain(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')
}

/** As GitHub makes it of a heading. */
function anchor(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(' ', '-')
}
