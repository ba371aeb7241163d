/** One share of the cases, in a process of its own: `--kind K --from N --cases N [--planted | --bug NAME]`. Prints where it is, and at last one line of JSON. */
import { parseArgs } from 'node:util'
import { catchPlanted } from './catch-planted.ts'
import { createChecks, newTally } from './checks.ts'
import { distinctOf } from './distinct.ts'
import { leftAfter } from './memory.ts'
import { plantedBugs } from './planted-bugs.ts'
import type { Kind, ShareResult } from './share.ts'
import { type Subject, shipped } from './subject.ts'

const { values } = parseArgs({
  options: {
    kind: { type: 'string' },
    from: { type: 'string' },
    cases: { type: 'string' },
    planted: { type: 'boolean' },
    bug: { type: 'string' },
  },
})

const tally = newTally()
const empty = { caught: [], leftBytes: 0, cases: 0, distinct: 0, complaints: [] }

// The name of a kind: the program that starts this one has written it.
const kind = values.kind as Kind
const work = values.planted ? planted(kind) : share(kind)
work.then(
  (result) => console.log(JSON.stringify({ ...empty, ...result, ...tally, cpuMs: cpuMs() })),
  (problem: unknown) => {
    console.error(problem)
    process.exit(1)
  },
)

async function share(kind: Kind): Promise<Partial<ShareResult>> {
  const [from, cases] = [Number(values.from), Number(values.cases)]
  const subject = values.bug === undefined ? shipped : withBug(values.bug)
  const check = createChecks(subject, tally)[kind]
  const complaints: string[] = []
  let ran = 0
  const run = async () => {
    for (let number = from; number < from + cases && complaints.length < 5; number += 1) {
      tellNumber(number)
      const complaint = await check(number)
      ran += 1
      if (complaint !== null) complaints.push(`${kind} ${number}: ${complaint}`)
    }
  }
  // What the first case loads is no growth, and the case itself comes again.
  await createChecks(subject, newTally())[kind](from)
  const { leftBytes, complaint } = await leftAfter(run)
  return {
    cases: ran,
    leftBytes,
    distinct: distinctOf(kind, from, ran),
    complaints: complaint === null ? complaints : [...complaints, complaint],
  }
}

function withBug(bug: string): Subject {
  const planted = plantedBugs.find(({ name }) => name === bug)
  if (planted === undefined) throw new RangeError(`expected a planted bug, found "${bug}"`)
  return planted.subject
}

let toldAt = 0
/** So that whoever ends a share that takes too long can say where it was. */
function tellNumber(number: number): void {
  if (performance.now() - toldAt < 100) return
  toldAt = performance.now()
  console.log(`at ${number}`)
}

async function planted(kind: Kind): Promise<Partial<ShareResult>> {
  return { caught: await catchPlanted(kind) }
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return Math.round((user + system) / 1_000)
}
