/**
 * `pawl work`, started again whenever it dies, over sessions whose tools end its process. A `read` that does so is tried in company,
 * then alone in a process of its own, and is parked as poison at the third death; an `unsafe` call is never started again.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRuntime } from 'pawl'
import { startPawl } from './child.ts'
import { inRound, type Round } from './round.ts'
import { config } from './worker-deadly-config.ts'

const configPath = fileURLToPath(new URL('./worker-deadly-config.ts', import.meta.url))
/** Two deaths in company at most, each of them by several sessions at once or by one after the other. */
const MAX_STARTS = 12
const READS = ['exits', 'aborts', 'leaks', 'listens'] as const
/** Twice in company, and once alone. */
const MAX_RUNS = 3

export type DeathFound = { readonly violations: readonly string[]; readonly starts: number }

export async function deathRound(): Promise<DeathFound> {
  let starts = 0
  const violations = await inRound({ limits: {}, bug: null }, async (round) => {
    starts = await play(round)
  })
  return { violations, starts }
}

async function play(round: Round): Promise<number> {
  const { orders, store, violations } = round
  const runtime = createRuntime({ store, agents: config.agents, engine: null })
  const deeds = join(orders.deedsPath, '..', 'deaths')
  const sessions = new Map<string, string>()
  for (const name of [...READS, 'pays', 'calm', 'calm']) {
    const { sessionId } = await runtime.start('deadly', { message: `${name} ${deeds}` })
    sessions.set(sessionId, name)
  }
  const ends: (number | NodeJS.Signals)[] = []
  const complaints: string[] = []
  while (ends.length < MAX_STARTS && ends.at(-1) !== 0) {
    const worker = startPawl('work', '--until-idle', '--config', configPath, '--store', orders.storePath)
    ends.push(await worker.ended)
    complaints.push(worker.complaints())
  }
  if (ends.at(-1) !== 0)
    violations.push(`rest: after ${ends.length} starts (${ends.join(', ')}) it still dies: ${complaints.at(-1)}`)
  await runtime.stop()
  const done = existsSync(deeds) ? readFileSync(deeds, 'utf8').split('\n') : []
  for (const [sessionId, name] of sessions) violations.push(...(await check(round, { sessionId, name, done })))
  return ends.length
}

type Checked = { readonly sessionId: string; readonly name: string; readonly done: readonly string[] }

async function check(round: Round, { sessionId, name, done }: Checked): Promise<readonly string[]> {
  const expected = name === 'calm' ? 'done' : name === 'pays' ? 'blocked(unknown_outcome)' : 'blocked(poison)'
  const status = await round.status(sessionId)
  const ran = done.filter((line) => line === name).length
  // Another session may end the process between the intent of the payment and its start.
  const [least, most] = name === 'calm' ? [0, 0] : name === 'pays' ? [0, 1] : [1, MAX_RUNS]
  return [
    ...(status === expected ? [] : [`rest: a session that ${name} is ${status}, expected ${expected}`]),
    ...(least <= ran && ran <= most
      ? []
      : [`runs: a tool that ${name} ran ${ran} times, expected ${least} to ${most}`]),
  ]
}
