/** Many sessions at once: durable events against raw commits, and turns against a loop that keeps nothing. */
import { join } from 'node:path'
import { atLeast, atMost, type Benchmark, type Finding } from './run/finding.ts'
import { inScratch } from './run/scratch.ts'
import { median } from './run/statistics.ts'
import { shown } from './run/table.ts'
import { runLoops } from './sides/ai-sdk-side.ts'
import { type Ran, runSessions } from './sides/pawl-side.ts'
import { commitRows, readRows } from './sides/raw-side.ts'

const GROUP = 64
const TURNS = 6

type Round = { readonly pawl: Ran; readonly rawMs: number; readonly aiSdkMs: number; readonly aiSdkCpuMs: number }

export const throughput: Benchmark = async (size) => {
  const load = { sessions: 500, turns: TURNS, inFlight: GROUP }
  const rounds: Round[] = []
  // The first round warms all three sides up, and is not counted.
  for (let round = 0; round <= (size === 'small' ? 5 : 15); round += 1) {
    rounds.push(await inScratch((folder) => runRound(folder, load)))
  }
  return findings(rounds.slice(1), load.sessions * TURNS)
}

async function runRound(folder: string, load: { sessions: number; turns: number; inFlight: number }): Promise<Round> {
  const path = join(folder, 'pawl.db')
  globalThis.gc?.()
  const pawl = await runSessions(path, load)
  const rows = readRows(path)
  globalThis.gc?.()
  const rawMs = commitRows(join(folder, 'raw.db'), rows, GROUP)
  globalThis.gc?.()
  const { ms, cpuMs } = await runLoops(load)
  return { pawl, rawMs, aiSdkMs: ms, aiSdkCpuMs: cpuMs }
}

function findings(rounds: readonly Round[], turns: number): Finding[] {
  const of = (read: (round: Round) => number) => median(rounds.map(read))
  const pawlEvents = of(({ pawl }) => (pawl.events / pawl.ms) * 1_000)
  const rawEvents = of(({ pawl, rawMs }) => (pawl.events / rawMs) * 1_000)
  const pawlTurns = of(({ pawl }) => (turns / pawl.ms) * 1_000)
  const aiSdkTurns = of(({ aiSdkMs }) => (turns / aiSdkMs) * 1_000)
  const interleaved = `median of ${rounds.length} rounds`
  return [
    {
      name: 'durable events/s against raw commits of 64',
      unit: 'x',
      value: of(({ pawl, rawMs }) => rawMs / pawl.ms),
      goal: atLeast(0.3),
      note: `${shown(pawlEvents)} against ${shown(rawEvents)} events/s, ${interleaved}`,
    },
    {
      name: "turns/s against the AI SDK's loop",
      unit: 'x',
      value: of(({ pawl, aiSdkMs }) => aiSdkMs / pawl.ms),
      goal: atLeast(0.9),
      note: `${shown(pawlTurns)} against ${shown(aiSdkTurns)} turns/s, ${interleaved}`,
    },
    {
      name: 'CPU per turn',
      unit: 'ms',
      value: of(({ pawl }) => pawl.cpuMs / turns),
      goal: atMost(0.15),
      note: `user and system, all threads; the AI SDK's loop: ${shown(of(({ aiSdkCpuMs }) => aiSdkCpuMs / turns))} ms`,
    },
    {
      name: 'events per turn',
      unit: 'per turn',
      value: of(({ pawl }) => pawl.events / turns),
      goal: null,
      note: `${shown(of(({ pawl }) => pawl.commits / turns))} commits per turn`,
    },
  ]
}
