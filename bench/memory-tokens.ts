/**
 * Tokens per turn over 200 turns of one session, for each way of remembering: of all requests, those of memory's own too. Told twice:
 * as the runtime estimates them before it asks, and as the characters of the requests that the model got.
 */
import { memoryStore } from 'pawl/stores/memory'
import { atMost, type Benchmark, type Finding, type Goal } from './run/finding.ts'
import { shown } from './run/table.ts'
import { type DeskWork, deskWork } from './sides/desk-work.ts'
import { type Asked, runDesk } from './sides/memory-side.ts'
import { NO_STRATEGY, strategies } from './sides/memory-strategies.ts'

const TURNS = 200
/** Turns that are put side by side, where a session is still young and where it is old. */
const COMPARED = 50
const CHARACTERS_PER_TOKEN = 4

export const memoryTokens: Benchmark = async () => {
  const work = deskWork(TURNS)
  const asked = new Map<string, readonly Asked[]>()
  for (const [name, remembering] of Object.entries(strategies))
    asked.set(name, await runDesk(memoryStore(), work, { remembering, isCounted: true }))
  const everything = perTurn(asked.get(NO_STRATEGY) ?? [])
  return [...asked].flatMap(([name, requests]) => findingsOf(name, { requests, everything, work }))
}

type Told = { readonly requests: readonly Asked[]; readonly everything: number; readonly work: DeskWork }

function findingsOf(name: string, { requests, everything, work }: Told): readonly Finding[] {
  const isBounded = name !== NO_STRATEGY
  const early = perTurn(
    requests.filter(({ turn }) => turn > COMPARED && turn <= 2 * COMPARED),
    COMPARED,
  )
  const late = perTurn(
    requests.filter(({ turn }) => turn > TURNS - COMPARED),
    COMPARED,
  )
  const own = requests.filter(({ purpose }) => purpose !== 'decide')
  const goal = (value: number): Goal | null => (isBounded ? atMost(value) : null)
  return [
    {
      name: `tokens of a turn, ${name} against ${NO_STRATEGY}`,
      unit: 'x',
      value: perTurn(requests) / everything,
      goal: goal(1),
      note: `${shown(perTurn(requests))} a turn over ${TURNS} turns, ${shown(perTurn(own))} of them in ${own.length} requests of memory's own; ${work.from}`,
    },
    {
      name: `tokens of turns ${TURNS - COMPARED + 1} to ${TURNS} against ${COMPARED + 1} to ${2 * COMPARED}, ${name}`,
      unit: 'x',
      value: late / early,
      goal: goal(FLAT),
      note: `${shown(late)} against ${shown(early)} a turn`,
    },
    {
      name: `estimated against counted tokens, ${name}`,
      unit: 'x',
      value: sum(requests, ({ estimatedTokens }) => estimatedTokens) / (perTurn(requests) * TURNS),
      goal: null,
      note: `of one request ${shown(Math.min(...offOf(requests)))} to ${shown(Math.max(...offOf(requests)))}; counted: characters of the request / ${CHARACTERS_PER_TOKEN}`,
    },
  ]
}

/** What leaves a prompt leaves it in steps, and errands differ. */
const FLAT = 1.25

function perTurn(requests: readonly Asked[], turns = TURNS): number {
  return sum(requests, ({ characters }) => characters / CHARACTERS_PER_TOKEN) / turns
}

function offOf(requests: readonly Asked[]): readonly number[] {
  return requests.map(({ estimatedTokens, characters }) => estimatedTokens / (characters / CHARACTERS_PER_TOKEN))
}

function sum(requests: readonly Asked[], of: (request: Asked) => number): number {
  return requests.reduce((total, request) => total + of(request), 0)
}
