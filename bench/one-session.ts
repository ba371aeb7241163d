/** One session, turn after turn: a turn against a bare commit, late turns against early ones, and what it writes. */
import { join } from 'node:path'
import { atMost, type Benchmark, type Finding } from './run/finding.ts'
import { inScratch } from './run/scratch.ts'
import { mean, median } from './run/statistics.ts'
import { shown } from './run/table.ts'
import { runLongSession } from './sides/one-session.ts'
import { commitTimes, readRows } from './sides/raw-side.ts'

const TURNS = 200
const MANY_TURNS = 5_000
const WARM_UP_TURNS = 2_000

export const oneSession: Benchmark = async (size) => {
  // Warms both sides up, and is not counted: the goals speak of a process that has been at work.
  await inScratch((folder) => runLongSession(join(folder, 'pawl.db'), WARM_UP_TURNS))
  await inScratch(runRound)
  const rounds: Round[] = []
  for (let round = 0; round < (size === 'small' ? 10 : 30); round += 1) rounds.push(await inScratch(runRound))
  const long: (readonly number[])[] = []
  for (let round = 0; round < (size === 'small' ? 1 : 3); round += 1) long.push(await inScratch(runManyTurns))
  return [...turnFindings(rounds), ...manyTurnsFindings(rounds, long)]
}

type Round = { readonly turns: readonly number[]; readonly commits: readonly number[] }

async function runRound(folder: string): Promise<Round> {
  const path = join(folder, 'pawl.db')
  const turns = await runLongSession(path, TURNS)
  return { turns, commits: commitTimes(join(folder, 'raw.db'), readRows(path), TURNS) }
}

function runManyTurns(folder: string): Promise<readonly number[]> {
  return runLongSession(join(folder, 'pawl.db'), MANY_TURNS)
}

function turnFindings(rounds: readonly Round[]): Finding[] {
  const ratio = median(rounds.map(({ turns, commits }) => median(turns) / median(commits)))
  const turnMs = median(rounds.map(({ turns }) => median(turns)))
  const commitMs = median(rounds.map(({ commits }) => median(commits)))
  const early = rounds.flatMap(({ turns }) => turns.slice(1, 20))
  const late = rounds.flatMap(({ turns }) => turns.slice(180))
  return [
    {
      name: 'p50 of a turn against one raw FULL commit',
      unit: 'x',
      value: ratio,
      goal: atMost(3.5),
      note: `${shown(turnMs)} against ${shown(commitMs)} ms, median of ${rounds.length} rounds; the raw commit is of one event`,
    },
    {
      name: 'turns 181 to 200 against 2 to 20',
      unit: 'x',
      value: median(late) / median(early),
      goal: atMost(1.15),
      note: `p50 ${shown(median(late))} against ${shown(median(early))} ms`,
    },
  ]
}

/** Early turns are those of the short sessions: there are many of them, and the process is as warm. */
function manyTurnsFindings(rounds: readonly Round[], sessions: readonly (readonly number[])[]): Finding[] {
  const early = rounds.flatMap(({ turns }) => turns.slice(1, 20))
  const short = rounds.flatMap(({ turns }) => turns)
  const late = sessions.flatMap((turns) => turns.slice(MANY_TURNS - 200))
  const half = sessions.flatMap((turns) => turns.slice(MANY_TURNS / 2))
  return [
    {
      name: 'turns 4,801 to 5,000 against 2 to 20',
      unit: 'x',
      value: median(late) / median(early),
      goal: atMost(1.15),
      note: `p50 ${shown(median(late))} against ${shown(median(early))} ms`,
    },
    {
      name: 'mean of turns 2,501 to 5,000 against those of 200',
      unit: 'x',
      value: mean(half) / mean(short),
      goal: null,
      note: `snapshots and all: ${shown(mean(half))} against ${shown(mean(short))} ms`,
    },
  ]
}
