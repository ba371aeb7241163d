/** One process that runs the scenario, what it left behind, and what the command line shows of it. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { sqliteStore } from 'pawl/stores/sqlite'
import { objects, pawl } from '../cli/pawl.ts'
import { createCanaries } from './canaries.ts'
import { SENSITIVE_INPUT, tokenTraces } from './people-paths.ts'
import { runPlant } from './run-plant.ts'
import type { Place } from './search.ts'

const worker = fileURLToPath(new URL('./worker.ts', import.meta.url))
const FILE = 'sessions.db'
const PLANTED = `${FILE}.planted`

export type Round = {
  readonly folder: string
  readonly file: string
  /** Database, WAL, shared memory, standard output and standard error. */
  readonly places: readonly Place[]
  readonly planted: ReadonlyMap<string, string>
  readonly tokens: ReadonlyMap<string, string>
  remove(): void
}

/** @throws Error if the process did not come to the end of the scenario. */
export async function runRound(plant: string, seed: number): Promise<Round> {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-secrets-'))
  const file = join(folder, FILE)
  const streams = await run([worker, '--file', file, '--plant', plant, '--seed', String(seed)])
  const all = filesIn(folder)
  const left = all.filter((name) => name !== PLANTED)
  if (!all.includes(PLANTED)) {
    throw new Error(
      `the process ended early:\n${streams.map(({ bytes }) => bytes.toString().slice(-2_000)).join('\n')}`,
    )
  }
  const places = left.map((name) => ({ name, bytes: readFileSync(join(folder, name)) }))
  // Written by the worker: pairs of a path and its value.
  const planted = new Map(
    JSON.parse(readFileSync(join(folder, PLANTED), 'utf8')) as readonly (readonly [string, string])[],
  )
  return roundOf(folder, { places: [...places, ...streams], planted, seed })
}

/** The same inside this process, which is quicker: for planted bugs. The files are read while the store is open, with their WAL. */
export async function runRoundHere(plant: string, seed: number): Promise<Round> {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-secrets-'))
  const store = sqliteStore(join(folder, FILE))
  const said: string[] = []
  const { planted } = await runPlant({
    store,
    plant,
    seed,
    out: (text) => said.push(text),
    problem: (problem) => said.push(inspect(problem)),
  })
  const places = filesIn(folder).map((name) => ({ name, bytes: readFileSync(join(folder, name)) }))
  await store.close()
  const streams = { name: 'what was said', bytes: Buffer.from(said.join('\n')) }
  return roundOf(folder, { places: [...places, streams], planted, seed })
}

/** By their paths in it: artifacts stand in a folder of their own. */
function filesIn(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)))
}

type Left = Pick<Round, 'places' | 'planted'> & { readonly seed: number }

function roundOf(folder: string, { places, planted, seed }: Left): Round {
  return {
    folder,
    file: join(folder, FILE),
    places,
    planted: new Map([...planted].filter(([path]) => path !== SENSITIVE_INPUT)),
    tokens: tokenTraces(createCanaries(seed)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function run(args: readonly string[]): Promise<readonly Place[]> {
  const child = spawn(process.execPath, ['--conditions=pawl-source', '--no-warnings', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const out: Buffer[] = []
  const notes: Buffer[] = []
  child.stdout.on('data', (piece: Buffer) => out.push(piece))
  child.stderr.on('data', (piece: Buffer) => notes.push(piece))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () =>
      resolve([
        { name: 'standard output', bytes: Buffer.concat(out) },
        { name: 'standard error', bytes: Buffer.concat(notes) },
      ]),
    )
  })
}

const OF_A_SESSION: readonly (readonly string[])[] = [
  ['show'],
  ['trace'],
  ['why'],
  ['events'],
  ['plan', 'show'],
  ['plan', 'diff'],
]

/** Every command that shows something, for people and as JSON. */
export async function showAll({ folder }: Round): Promise<readonly Place[]> {
  const from = ['--store', FILE] as const
  const places: Place[] = []
  const show = async (...args: readonly string[]) => {
    const { out, notes } = await pawl(folder, ...from, ...args)
    places.push({ name: `pawl ${args.join(' ')}`, bytes: Buffer.from(out + notes) })
    return out
  }
  const sessions = objects(await show('sessions', '--json'))
  await show('sessions')
  for (const command of ['approvals', 'doctor', 'verify']) {
    await show(command)
    await show(command, '--json')
  }
  for (const { sessionId } of sessions) {
    for (const command of OF_A_SESSION) {
      await show(...command, String(sessionId))
      await show(...command, String(sessionId), '--json')
    }
  }
  return places
}
