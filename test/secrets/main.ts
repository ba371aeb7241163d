/**
 * Canary secrets through every path, then a search of everything that was written or said, as raw bytes, in every writing. The
 * control has redaction taken away: a path whose value is not found then tests nothing. Each planted bug takes away a part of it.
 */
import { copyFileSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { SENSITIVE_MARK } from 'pawl/core'
import { openProof } from '../prove/proof.ts'
import { wholeNumberOf } from '../prove/whole-number.ts'
import { createCanaries } from './canaries.ts'
import { writings } from './encodings.ts'
import { SENSITIVE_INPUT } from './people-paths.ts'
import { mistakes, type Plant } from './planted.ts'
import { type Round, runRound, runRoundHere, showAll } from './round.ts'
import { type Hit, type Place, search, searchedFor } from './search.ts'
import { measure } from './speed.ts'

const proof = openProof('secrets', { plant: { type: 'string' }, seed: { type: 'string' } })
const MIN_PATHS = 100
const SIDE_BY_SIDE = 4
const totals = { rounds: 0, planted: 0, bytes: 0, views: 0, hits: 0 }

if (proof.values.plant !== undefined) await repeat(proof.values.plant, wholeNumberOf('seed', proof.values.seed ?? '1'))
else {
  const unredacted = await runRound('none', 1)
  control(unredacted)
  updatedLater(unredacted)
  // The command line checkpoints the file when it closes it: last.
  await controlViews(unredacted)
  unredacted.remove()
  const rounds = proof.pick({ small: 1, night: 400 })
  for (let seed = 1; seed <= rounds && !proof.isTimeUp(); seed += 1) await clean(seed)
  await cleanHere()
  const bugs = Object.entries(mistakes)
  for (let at = 0; at < bugs.length; at += SIDE_BY_SIDE)
    await Promise.all(bugs.slice(at, at + SIDE_BY_SIDE).map(caught))
  report(rounds)
}
proof.close()

/** Shipped redaction: nothing is found, anywhere. */
async function clean(seed: number): Promise<void> {
  const round = await runRound('shipped', seed)
  const views = await showAll(round)
  const places = [...round.places, ...views]
  const hits = search(places, searchedFor(round.planted, round.tokens))
  totals.rounds += 1
  totals.planted += round.planted.size
  totals.views += views.length
  totals.bytes += places.reduce((bytes, place) => bytes + place.bytes.length, 0)
  totals.hits += hits.length
  if (hits.length === 0) proof.pass()
  else proof.fail(`seed ${seed}: ${told(hits)}`)
  sensitiveInput(round, views, seed)
  round.remove()
}

/** The one value that has to be in the log, and in no view. */
function sensitiveInput({ places }: Round, views: readonly Place[], seed: number): void {
  const planted = new Map([[SENSITIVE_INPUT, createCanaries(seed).of(SENSITIVE_INPUT)]])
  const hits = search([...places, ...views], searchedFor(planted, new Map())).map(({ place }) => place)
  const inLog = hits.filter((place) => place.startsWith('sessions.db'))
  const isShown = views.some(({ bytes }) => bytes.includes(SENSITIVE_MARK))
  if (!isShown) proof.fail(`seed ${seed}: no view shows the mark of a sensitive field`)
  else if (inLog.length > 0 && inLog.length === hits.length) proof.pass()
  else
    proof.fail(
      `seed ${seed}: a sensitive field of an input has to be in the log alone; found in ${hits.join(', ') || 'nothing'}`,
    )
}

/** Without redaction each path shows its value; what does not would be no test. */
function control(round: Round): void {
  const found = new Set(search(round.places, searchedFor(round.planted, round.tokens)).map(({ path }) => path))
  const missed = [...round.planted.keys()].filter((path) => !found.has(path))
  for (const path of missed) proof.fail(`control: the path "${path}" does not show its value, so it tests nothing`)
  if (missed.length === 0) proof.pass()
  if (found.size < MIN_PATHS) proof.fail(`control: expected at least ${MIN_PATHS} paths, found ${found.size}`)
  proof.figure({ name: 'paths', value: round.planted.size })
  proof.figure({ name: 'paths that leak when nothing is redacted', value: found.size, goal: round.planted.size })
}

/** Each command that shows what was said has shown some of it: a view that always fails would hide everything. */
async function controlViews(round: Round): Promise<void> {
  const hits = search(await showAll(round), searchedFor(round.planted, round.tokens))
  for (const command of ['show', 'trace', 'why', 'events', 'approvals', 'plan show', 'plan diff']) {
    if (hits.some(({ place }) => place.startsWith(`pawl ${command}`))) proof.pass()
    else proof.fail(`control: pawl ${command} shows no value where nothing is redacted, so searching it tests nothing`)
  }
}

/** Nothing is found in a round of this process either: what a planted bug shows there, it shows alone. */
async function cleanHere(): Promise<void> {
  const hits = await hitsHere('shipped')
  if (hits.length === 0) proof.pass()
  else proof.fail(`what is shipped, in the process of the planted bugs: ${told(hits)}`)
}

async function caught([bug, { shows }]: readonly [string, Plant]): Promise<void> {
  const found = new Set((await hitsHere(bug)).map(({ path }) => path))
  const missed = shows.filter((path) => !found.has(path))
  if (missed.length > 0) return proof.fail(`planted: ${bug}: not caught by ${missed.join(', ')}`)
  proof.pass()
  proof.caught({ bug, by: `${found.size} paths, among them ${shows[0]}`, tries: 1, of: 'rounds' })
}

async function hitsHere(plant: string): Promise<readonly Hit[]> {
  const round = await runRoundHere(plant, 1)
  round.remove()
  return search(round.places, searchedFor(round.planted, round.tokens))
}

/** Redaction by a later update: whoever reads the table finds nothing, and the bytes still lie in the WAL. */
function updatedLater(round: Round): void {
  const bug = 'redacted by a later update'
  const searched = searchedFor(new Map([['output: plain', round.planted.get('output: plain') ?? '']]), new Map())
  const copies = ['', '-wal'].map((suffix) => copied(round, suffix))
  const database = new DatabaseSync(copies[0] ?? '')
  database.exec(
    "UPDATE events SET body = '{}' WHERE kind = 'call_finished'; DELETE FROM snapshots; DELETE FROM definitions",
  )
  const rows = Buffer.from(JSON.stringify(database.prepare('SELECT body FROM events').all()))
  const inTable = search([{ name: 'table', bytes: rows }], searched)
  const inFiles = search(
    copies.map((path) => ({ name: path.slice(path.lastIndexOf('/') + 1), bytes: readFileSync(path) })),
    searched,
  )
  database.close()
  if (inTable.length === 0 && inFiles.length > 0) {
    proof.pass()
    proof.caught({ bug, by: inFiles.map(({ place }) => place).join(', '), tries: 1, of: 'rounds' })
  } else proof.fail(`planted: ${bug}: found in the table: ${inTable.length}, in the files: ${inFiles.length}`)
}

function copied({ file }: Round, suffix: string): string {
  copyFileSync(`${file}${suffix}`, `${file}.copy${suffix}`)
  return `${file}.copy${suffix}`
}

async function repeat(plant: string, seed: number): Promise<void> {
  const round = await runRound(plant, seed)
  const hits = search([...round.places, ...(await showAll(round))], searchedFor(round.planted, round.tokens))
  console.log(hits.length === 0 ? 'nothing was found' : told(hits))
  if ((hits.length === 0) === (plant === 'shipped')) proof.pass()
  else proof.fail(`seed ${seed}: with "${plant}" ${hits.length === 0 ? 'something' : 'nothing'} has to be found`)
  round.remove()
}

function told(hits: readonly Hit[]): string {
  return hits.map(({ path, place }) => `the value of "${path}" stands in ${place}`).join('\n  ')
}

function report(rounds: number): void {
  proof.figure({ name: 'rounds', value: totals.rounds, goal: rounds })
  proof.figure({ name: 'canaries planted', value: totals.planted })
  proof.figure({ name: 'writings of each', value: writings.length })
  proof.figure({ name: 'views of the command line', value: totals.views })
  proof.figure({ name: 'bytes searched', value: totals.bytes })
  proof.figure({ name: 'hits', value: totals.hits })
  for (const figure of measure()) proof.figure(figure)
  proof.notTested('A value that a tool cuts into pieces, compresses, encrypts or reverses: no search finds it.')
  proof.notTested('What a tool writes to the console or to files itself: the runtime does not see it.')
  proof.notTested('The memory of the process, and core dumps.')
}
