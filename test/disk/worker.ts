/** Plays rounds, in a mount namespace of its own where disks are mounted; says what came of each in a line of JSON. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measure } from './measure.ts'
import { drawCrowd, drawCrowdRound, drawSteps, messages, type Order, type PlayedRound, type Said } from './orders.ts'
import { type Plant, type PlantName, plants } from './plants.ts'
import { startReader } from './reader.ts'
import { diskRoom, pageRoom } from './room.ts'
import { type Mode, playRound, type Rounded } from './round.ts'
import type { Visit } from './visit.ts'

/** They mostly wait, for what is tried again when the store has been left alone for a while. */
const ROUNDS_AT_ONCE = 12
const noPlant: Plant = { bug: 'none', caughtBy: 'end' }

// What nobody handles ends the process: its exit code is a finding of its own.
process.on('unhandledRejection', (problem) => {
  console.error(problem)
  process.exit(70)
})

const order: Order = JSON.parse(process.argv[2] ?? '')
const folder = mkdtempSync(join(tmpdir(), 'pawl-disk-'))
const measured = await measure(folder)
const reader = startReader()
let made = 0

const rounds = [
  ...drawSteps(order, measured),
  ...order.seeds.map((seed) => drawCrowdRound(seed, order.variant, measured)),
]
const waiting = [...rounds]
await Promise.all(
  Array.from({ length: ROUNDS_AT_ONCE }, async () => {
    for (let round = waiting.shift(); round !== undefined; round = waiting.shift()) await playAndSay(round)
  }),
)
if (order.withPlants) await Promise.all((Object.keys(plants) as PlantName[]).map(playUntilCaught))
say({ type: 'done', rounds: rounds.length })
reader.stop()
rmSync(folder, { recursive: true })

/** A mistake is played step by step until its check notices it. */
async function playUntilCaught(plant: PlantName): Promise<void> {
  const { caughtBy } = plants[plant]
  const mode: Mode = caughtBy === 'cancel' ? 'cancel' : 'wait'
  for (const round of drawSteps({ ...order, steps: 'all' }, measured)) {
    if (round.mode !== mode) continue
    const { findings } = await playAndSay({ ...round, plant })
    if (findings.some(({ check }) => check === caughtBy)) return
  }
}

async function playAndSay(round: PlayedRound): Promise<Rounded> {
  const rounded = await play(round)
  say({ type: 'played', round, ...rounded })
  return rounded
}

function say(said: Said): void {
  process.stdout.write(`${JSON.stringify(said)}\n`)
}

async function play({ step, mode, seed, plant: name }: PlayedRound): Promise<Rounded> {
  made += 1
  const path = join(folder, String(made))
  const plant: Plant = name === null ? noPlant : plants[name]
  const make = order.variant === 'disk' ? diskRoom : pageRoom
  const room = make(path, step, plant.reserveBytes)
  const visits = seed === null ? [onlyVisit(mode)] : drawCrowd(seed)
  try {
    return await playRound({ mode, visits, ends: measured.ends }, { room, reader, plant })
  } finally {
    room.remove()
  }
}

function onlyVisit(mode: Mode): Visit {
  return { sessionId: 's1', message: messages.overThreshold, isCancelled: mode !== 'wait' }
}
