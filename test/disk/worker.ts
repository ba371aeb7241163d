/** Plays rounds, in a mount namespace of its own where disks are mounted; says what came of each in a line of JSON. */
import { join } from 'node:path'
import { RESERVE_BYTES } from '../../src/stores/sqlite/reserve.ts'
import { measure } from './measure.ts'
import { CANCELS, isOneByOne } from './modes.ts'
import { drawVisits } from './one-by-one.ts'
import {
  drawCrowd,
  drawCrowdRound,
  drawOneByOne,
  drawSteps,
  messages,
  type Order,
  type PlayedRound,
  type Said,
} from './orders.ts'
import { type Plant, type PlantName, plants, plantsOf } from './plants.ts'
import { startReader } from './reader.ts'
import { diskRoom, PAGE_BYTES, pageRoom, type Room } from './room.ts'
import { playRound, type Rounded } from './round.ts'
import type { Visit } from './visit.ts'

/** They mostly wait, for what is tried again when the store has been left alone for a while. */
const ROUNDS_AT_ONCE = 12
/** Of a file with a limit that can keep the whole reserve back: three times as much as that. */
const ONE_BY_ONE_PAGES = (3 * RESERVE_BYTES) / PAGE_BYTES
const noPlant: Plant = { bug: 'none', caughtBy: 'end', mode: 'wait' }

// What nobody handles ends the process: its exit code is a finding of its own.
process.on('unhandledRejection', (problem) => {
  console.error(problem)
  process.exit(70)
})

const order: Order = JSON.parse(process.argv[2] ?? '')
const { folder } = order
const measured = await measure(folder)
const reader = startReader()
let made = 0

const rounds = [
  ...drawOneByOne(order),
  ...drawSteps(order, measured),
  ...order.seeds.map((seed) => drawCrowdRound(seed, order.variant, measured)),
]
const waiting = [...rounds]
const planted = order.withPlants ? plantsOf(order.variant) : []
await Promise.all([
  ...planted.map(playUntilCaught),
  ...Array.from({ length: ROUNDS_AT_ONCE }, async () => {
    for (let round = waiting.shift(); round !== undefined; round = waiting.shift()) await playAndSay(round)
  }),
])
say({ type: 'done', rounds: rounds.length })
reader.stop()

/**
 * A mistake is played step by step until its check notices it. From the last step on, as the refund is near the end; and twice, as a
 * commit more, such as a lease that is renewed while the machine is busy, puts another write at the step.
 */
async function playUntilCaught(plant: PlantName): Promise<void> {
  const { caughtBy, mode } = plants[plant]
  const steps = [...drawSteps(order, measured), ...drawOneByOne(order)].filter((round) => round.mode === mode)
  for (const round of [...steps.toReversed(), ...steps.toReversed()]) {
    const { findings } = await playAndSay({ ...round, plant })
    if (findings.some(({ check }) => check === caughtBy)) return
  }
}

async function playAndSay(round: PlayedRound): Promise<Rounded> {
  say({ type: 'began', round })
  const rounded = await play(round)
  say({ type: 'played', round, ...rounded })
  return rounded
}

function say(said: Said): void {
  process.stdout.write(`${JSON.stringify(said)}\n`)
}

async function play(round: PlayedRound): Promise<Rounded> {
  const { mode, plant: name } = round
  const plant: Plant = name === null ? noPlant : plants[name]
  const room = makeRoom(round, plant.reserveBytes)
  const visits = visitsOf(round)
  try {
    return await playRound({ mode, visits, ends: measured.ends }, { room, reader, plant })
  } finally {
    room.remove()
  }
}

function makeRoom({ mode, step }: PlayedRound, reserveBytes: number | undefined): Room {
  made += 1
  const path = join(folder, String(made))
  const make = order.variant === 'disk' ? diskRoom : pageRoom
  if (!isOneByOne(mode)) return make(path, step, reserveBytes)
  return order.variant === 'disk'
    ? diskRoom(path, Number.POSITIVE_INFINITY, reserveBytes)
    : pageRoom(path, ONE_BY_ONE_PAGES, reserveBytes ?? RESERVE_BYTES)
}

function visitsOf({ mode, seed }: PlayedRound): readonly Visit[] {
  if (isOneByOne(mode)) return drawVisits(CANCELS[mode])
  if (seed !== null) return drawCrowd(seed)
  return [{ sessionId: 's1', message: messages.overThreshold, isCancelled: mode !== 'wait' }]
}
