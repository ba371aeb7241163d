/**
 * Hostile and broken bytes through every door: 100,000 cases, 10,000,000 at night, then every planted bug.
 * `--kind K --from N --cases N` repeats a share.
 */
import { type Caught, openProof } from '../prove/proof.ts'
import { wholeNumberOf } from '../prove/whole-number.ts'
import { bigCases } from './big-cases.ts'
import { plantedBugs } from './planted-bugs.ts'
import { hasSuite } from './saved-texts.ts'
import { type Big, type Kind, runShares, type Share, type ShareResult } from './share.ts'
import { shortened } from './shorten.ts'
import type { PlantedBug } from './subject.ts'

const proof = openProof('poison', {
  kind: { type: 'string' },
  from: { type: 'string' },
  cases: { type: 'string' },
})

type Sized = {
  readonly kind: Kind
  readonly small: number
  readonly night: number
  readonly share: number
}

/** By their numbers: a session takes many poisons, a schema several values. */
const sizes: readonly Sized[] = [
  { kind: 'big', small: bigCases.length, night: bigCases.length, share: bigCases.length },
  { kind: 'sessions', small: 400, night: 40_000, share: 100 },
  { kind: 'texts', small: 84_000, night: 8_800_000, share: 42_000 },
  { kind: 'parts', small: 6_000, night: 500_000, share: 6_000 },
  { kind: 'values', small: 6_000, night: 300_000, share: 6_000 },
  { kind: 'bytes', small: 1_600, night: 40_000, share: 1_600 },
  { kind: 'schemas', small: 150, night: 5_000, share: 150 },
]

/** A case that comes twice tries nothing: of texts and values this share has to differ. */
const LEAST_DISTINCT = 0.95

const ran = { tried: 0, settled: 0, events: 0, steps: 0, cpuMs: 0, leftBytes: 0 }
const byKind = new Map<Kind, { cases: number; tried: number; distinct: number }>()
const bigs: Big[] = []
/** A hundred thousand, in the small size; ten million at night. */
const goal = proof.pick({ small: 100_000, night: 10_000_000 })

if (proof.values.kind === undefined) await everything()
else await runShares([repeated()], note)
proof.close()

async function everything(): Promise<void> {
  if (!hasSuite) proof.skip('real input: JSONTestSuite among the poison')
  const startedAt = performance.now()
  await runShares(inTurn(sizes.map(sharesOf)), note, proof.isTimeUp)
  const seconds = Math.round((performance.now() - startedAt) / 1_000)
  proof.figure({ name: 'time of all cases (goal for 100,000: 60 s)', value: seconds, unit: 's' })
  if (ran.tried < goal && !proof.isTimeUp()) proof.fail(`${ran.tried} cases of ${goal} were run`)
  if (ran.settled === 0) proof.fail('no unknown outcome was settled')
  tell()
  await catchPlantedBugs()
  proof.notTested(
    'Code in the process is trusted: getters and proxies of a caller are tried at the doors, not in every field of the definitions.',
  )
  proof.notTested(
    'Rows that somebody changed in the store are the matter of the integrity proof, and files of the command line of its tests.',
  )
}

function sharesOf({ kind, small, night, share }: Sized): readonly Share[] {
  const cases = proof.pick({ small, night })
  return Array.from({ length: Math.ceil(cases / share) }, (_, index) => {
    const from = index * share
    return { kind, from, cases: Math.min(share, cases - from) }
  })
}

/** Of every kind as far as of every other, so that a run that ends early has left none out. */
function inTurn(kinds: readonly (readonly Share[])[]): readonly Share[] {
  const placed = kinds.flatMap((shares) => shares.map((share, index) => ({ share, part: index / shares.length })))
  return placed.toSorted((one, other) => one.part - other.part).map(({ share }) => share)
}

function repeated(): Share {
  const known = sizes.find(({ kind }) => kind === proof.values.kind)
  if (known === undefined) throw new RangeError(`expected a kind of ${sizes.map(({ kind }) => kind).join(', ')}`)
  const { from = '0', cases = '1' } = proof.values
  return { kind: known.kind, from: wholeNumberOf('from', from, 0), cases: wholeNumberOf('cases', cases) }
}

function note({ kind, from, cases }: Share, result: ShareResult): void {
  ran.tried += result.tried
  const known = of(kind)
  byKind.set(kind, {
    cases: known.cases + result.cases,
    tried: known.tried + result.tried,
    distinct: known.distinct + result.distinct,
  })
  ran.settled += result.settled
  ran.events += result.events
  ran.cpuMs += result.cpuMs
  ran.steps = Math.max(ran.steps, result.steps)
  ran.leftBytes = Math.max(ran.leftBytes, result.leftBytes)
  bigs.push(...result.figures)
  const isWhole = result.cases > 0 && result.cases === cases
  if (result.complaints.length === 0 && isWhole) return proof.pass()
  const found = isWhole || result.complaints.length > 0 ? [] : [`${result.cases} of ${cases} ${kind} were run`]
  const repeat = `npm run prove -- poison --kind ${kind} --from ${from} --cases ${cases}`
  proof.fail([...result.complaints.slice(0, 5), ...found, `repeat: ${repeat}`].join('\n  '))
}

function tell(): void {
  proof.figure({ name: 'cases', value: ran.tried, goal })
  proof.figure({ name: 'of them through the whole runtime, on both stores', value: of('sessions').tried })
  for (const { kind, small, night } of sizes) tellKind(kind, proof.pick({ small, night }))
  proof.figure({ name: 'unknown outcomes that a person settled', value: ran.settled })
  proof.figure({ name: 'events compared between the stores', value: ran.events })
  proof.figure({ name: 'most steps that one session was driven', value: ran.steps })
  proof.figure({ name: 'most memory left after a share', value: Math.round(ran.leftBytes / 1_024), unit: 'KiB' })
  proof.figure({ name: 'values that schemas were asked about', value: of('schemas').tried - of('schemas').cases })
  const [megabytes, cpuMs] = [sum(bigs.map((big) => big.megabytes)), sum(bigs.map((big) => big.cpuMs))]
  if (megabytes > 0)
    proof.figure({
      name: 'processor time of the border for a MB (goal 50 ms)',
      value: Math.round(cpuMs / megabytes),
      unit: 'ms',
    })
  const [worst] = bigs.toSorted((one, other) => other.cpuMs / other.megabytes - one.cpuMs / one.megabytes)
  if (worst !== undefined)
    proof.figure({
      name: `at worst, ${worst.name}`,
      value: Math.round(worst.cpuMs / worst.megabytes),
      unit: 'ms for a MB',
    })
  proof.figure({ name: 'processor time of all cases', value: Math.round(ran.cpuMs / 1_000), unit: 's' })
}

function of(kind: Kind): { readonly cases: number; readonly tried: number; readonly distinct: number } {
  return byKind.get(kind) ?? { cases: 0, tried: 0, distinct: 0 }
}

function tellKind(kind: Kind, wanted: number): void {
  const { cases, distinct } = of(kind)
  proof.figure({ name: `cases: ${kind}`, value: cases, goal: wanted })
  if (distinct < cases * LEAST_DISTINCT && (kind === 'texts' || kind === 'values'))
    proof.fail(`only ${distinct} of ${cases} ${kind} are distinct`)
  if (distinct > 0) proof.figure({ name: `${kind} that are distinct within their share`, value: distinct })
}

async function catchPlantedBugs(): Promise<void> {
  const alone = plantedBugs.filter(({ hasOwnWorker }) => hasOwnWorker)
  const together = plantedBugs.filter(({ hasOwnWorker }) => !hasOwnWorker)
  const kinds = [...new Set(together.map(({ kind }) => kind))]
  const shares: Share[] = [
    ...kinds.map((kind) => ({ kind, from: 0, cases: 0, planted: true })),
    ...alone.map(({ kind, within, name }) => ({ kind, from: 0, cases: within, bug: name })),
  ]
  await runShares(shares, (share, result) => {
    const lone = alone.find(({ name }) => name === share.bug)
    if (lone !== undefined) return judgePlanted(lone, foundAlone(lone, result))
    for (const complaint of result.complaints) proof.fail(complaint)
    for (const bug of together.filter(({ kind }) => kind === share.kind)) {
      const found = result.caught.find(({ bug: name }) => name === bug.name)
      judgePlanted(bug, found)
    }
  })
}

function judgePlanted({ name, within, kind }: PlantedBug, found: Caught | undefined): void {
  if (found === undefined) return proof.fail(`planted: ${name}: NOT caught within ${within} ${kind}`)
  proof.pass()
  proof.caught(found)
}

/** Of a worker that said nothing of its own. */
function foundAlone({ name, kind, within, caughtBy }: PlantedBug, { complaints }: ShareResult): Caught | undefined {
  const by = complaints.find((complaint) => caughtBy.test(complaint))
  return by === undefined ? undefined : { bug: name, by: shortened(by), tries: within, of: kind }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
