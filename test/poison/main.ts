/**
 * Hostile and broken bytes through every door: 100,000 cases, 10,000,000 at night, then every planted bug.
 * `--kind K --from N --cases N` repeats a share.
 */
import { openProof } from '../prove/proof.ts'
import { bigCases } from './big-cases.ts'
import { plantedBugs } from './planted-bugs.ts'
import { hasSuite } from './saved-texts.ts'
import { type Big, type Kind, runShares, type Share, type ShareResult } from './share.ts'

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
  await runShares(inTurn(sizes.map(sharesOf)), note, proof.isTimeUp)
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
  return { kind: known.kind, from: Number(proof.values.from ?? 0), cases: Number(proof.values.cases ?? 1) }
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
  if (result.complaints.length === 0) return proof.pass()
  const repeat = `npm run prove -- poison --kind ${kind} --from ${from} --cases ${cases}`
  proof.fail([...result.complaints.slice(0, 5), `repeat: ${repeat}`].join('\n  '))
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
  if (distinct > 0) proof.figure({ name: `${kind} that are distinct within their share`, value: distinct, goal: cases })
}

async function catchPlantedBugs(): Promise<void> {
  const kinds = [...new Set(plantedBugs.map(({ kind }) => kind))]
  const shares = kinds.map((kind): Share => ({ kind, from: 0, cases: 0, planted: true }))
  await runShares(shares, (share, { caught, complaints }) => {
    for (const complaint of complaints) proof.fail(complaint)
    for (const { name, within, kind } of plantedBugs) {
      if (kind !== share.kind) continue
      const found = caught.find(({ bug }) => bug === name)
      if (found === undefined) proof.fail(`planted: ${name}: NOT caught within ${within} ${kind}`)
      else {
        proof.pass()
        proof.caught(found)
      }
    }
  })
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
