/**
 * What every proof that is a program of its own is made with: its sizes, its checks, its figures, its summary line, and its record.
 * `docs/reliability.md` is rendered from the records and from nothing else.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

export type Size = 'small' | 'night'

/** `goal`: how many the size asks for, where time may end a run before. */
export type Figure = { readonly name: string; readonly value: number; readonly unit?: string; readonly goal?: number }

/** A planted bug that a check noticed, after how many tries of what (`seeds`, `rounds`, `images`, `cases`). */
export type Caught = { readonly bug: string; readonly by: string; readonly tries: number; readonly of: string }

export type ProofRecord = {
  readonly proof: string
  readonly size: Size
  readonly command: string
  /** Of the tree that was proven; `-dirty` where it had changes. */
  readonly commit: string
  readonly node: string
  readonly finishedAt: string
  readonly seconds: number
  readonly passed: number
  readonly failed: number
  readonly skipped: readonly string[]
  readonly figures: readonly Figure[]
  readonly caught: readonly Caught[]
  readonly notTested: readonly string[]
}

type Flags = Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>
type Values<F extends Flags> = { readonly [K in keyof F]?: F[K]['type'] extends 'string' ? string : boolean }

export interface Proof<F extends Flags> {
  readonly size: Size
  /** The proof's own flags. Where one is given the run is no size, and leaves no record. */
  readonly values: Values<F>
  /** The number for this size. */
  pick(sizes: Readonly<Record<Size, number>>): number
  /** Of `--minutes`, where it was given. */
  readonly minutes: number | null
  /** True when the minutes of `--minutes` are over: begin nothing new. */
  isTimeUp(): boolean
  pass(count?: number): void
  /** Prints the lines, and the run fails. */
  fail(text: string): void
  skip(name: string): void
  figure(figure: Figure): void
  caught(caught: Caught): void
  /** What this proof leaves out, as a sentence of the docs. */
  notTested(sentence: string): void
  /** Prints the summary that `npm test` reads, writes the record where one was asked for, and sets the exit code. What ran nothing has failed. */
  close(): void
}

/**
 * Reads `--size small|night`, `--minutes N`, `--record`, and the proof's own flags. Throws on unknown flags.
 */
export function openProof<const F extends Flags>(name: string, own: F, args = process.argv.slice(2)): Proof<F> {
  const shared = { size: { type: 'string' }, minutes: { type: 'string' }, record: { type: 'boolean' } } as const
  const { values } = parseArgs({ args, options: { ...own, ...shared } })
  // The shape follows from the flags above; parseArgs cannot say it for a generic `own`.
  const { size = 'small', minutes, record = false } = values as { size?: string; minutes?: string; record?: boolean }
  if (size !== 'small' && size !== 'night') throw new RangeError(`expected --size small or night, found "${size}"`)
  if (minutes !== undefined && !(Number(minutes) > 0))
    throw new RangeError(`expected --minutes to be a number over 0, found "${minutes}"`)
  const isCustom = Object.keys(own).some((flag) => Object.hasOwn(values, flag))
  const startedAt = performance.now()
  const counts = { passed: 0, failed: 0 }
  const skipped: string[] = []
  const figures: Figure[] = []
  const caught: Caught[] = []
  const notTested: string[] = []
  const fail = (text: string) => {
    counts.failed += 1
    console.log(`FAIL ${text}`)
  }
  return {
    size,
    values: values as Values<F>,
    pick: (sizes) => sizes[size],
    minutes: minutes === undefined ? null : Number(minutes),
    isTimeUp: () => minutes !== undefined && performance.now() - startedAt > Number(minutes) * 60_000,
    pass: (count = 1) => {
      counts.passed += count
    },
    fail,
    skip: (what) => {
      skipped.push(what)
      console.log(`skipped: ${what}`)
    },
    figure: (figure) => {
      figures.push(figure)
      console.log(say(figure))
    },
    caught: (found) => {
      caught.push(found)
      console.log(`caught: ${found.bug}, after ${found.tries} ${found.of}, by ${found.by}`)
    },
    notTested: (sentence) => {
      notTested.push(sentence)
    },
    close: () => {
      if (counts.passed + counts.failed + skipped.length === 0)
        fail('expected at least one check to run, found none: see the flags that say what runs')
      const seconds = Math.round((performance.now() - startedAt) / 1_000)
      const flags = `${size === 'night' ? ' --size night' : ''}${minutes === undefined ? '' : ` --minutes ${minutes}`}`
      if (record && !isCustom)
        writeRecord({
          proof: name,
          size,
          command: `npm run prove -- ${name}${flags}`,
          commit: commitOfTree(),
          node: process.version,
          finishedAt: new Date().toISOString(),
          seconds,
          ...counts,
          skipped,
          figures,
          caught,
          notTested,
        })
      console.log(`${name}: ${seconds} s`)
      console.log(`${counts.passed} passed, ${counts.failed} failed, ${skipped.length} skipped`)
      process.exitCode = counts.failed === 0 ? 0 : 1
    },
  }
}

export function recordFile(proof: string, size: Size): string {
  return fileURLToPath(new URL(`./records/${proof}.${size}.json`, import.meta.url))
}

function writeRecord(record: ProofRecord): void {
  mkdirSync(fileURLToPath(new URL('./records', import.meta.url)), { recursive: true })
  writeFileSync(recordFile(record.proof, record.size), `${JSON.stringify(record, null, 2)}\n`)
}

/** Records and the page made of them do not make a tree another one. */
function commitOfTree(): string {
  const git = (...args: string[]) => spawnSync('git', args, { encoding: 'utf8' }).stdout.trim()
  const changes = git('status', '--porcelain', '--', '.', ':!test/prove/records', ':!docs/reliability.md')
  return `${git('rev-parse', '--short=12', 'HEAD')}${changes === '' ? '' : '-dirty'}`
}

function say({ name, value, unit, goal }: Figure): string {
  const of = goal === undefined || goal === value ? '' : ` of ${goal.toLocaleString('en')}`
  return `${name}: ${value.toLocaleString('en')}${of}${unit === undefined ? '' : ` ${unit}`}`
}
