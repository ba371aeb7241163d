/** Makes a failure small: takes things out of its world for as long as the same invariant still breaks. */
import { noFaults, type Shape } from './shape.ts'
import { type SimulationOptions, type SimulationResult, simulate } from './simulate.ts'

export type Shrunk = {
  readonly failure: SimulationResult
  /** Worlds that were tried. */
  readonly runs: number
}

/** What a smaller world changes for chance may hide the bug: a few neighbouring seeds are tried, too. */
const SEEDS_TRIED = 4
const MOST_RUNS = 400

/** Ends after `MOST_RUNS` worlds, with the smallest failure that was found by then. */
export async function shrink(
  found: SimulationResult,
  options: Omit<SimulationOptions, 'seed' | 'shape'> = {},
): Promise<Shrunk> {
  const invariant = found.violations[0]?.invariant
  let failure = found
  let runs = 0
  const fails = async (shape: Shape): Promise<SimulationResult | null> => {
    for (let offset = 0; offset < SEEDS_TRIED && runs < MOST_RUNS; offset += 1) {
      runs += 1
      const result = await simulate({ ...options, seed: failure.seed + offset, shape })
      if (result.violations[0]?.invariant === invariant) return result
    }
    return null
  }
  for (let isSmaller = true; isSmaller && runs < MOST_RUNS; ) {
    isSmaller = false
    // Each step starts from what the steps before it have left.
    for (const step of steps) {
      for (const shape of step(failure.shape)) {
        const smaller = await fails(shape)
        if (smaller === null) continue
        failure = smaller
        isSmaller = true
        break
      }
    }
  }
  return { failure, runs }
}

/** How much there is in a world: every part counts one. */
export function sizeOf(shape: Shape): number {
  const { faults, people, approval, budget } = shape
  const isSet = (value: unknown) => (value === 0 || value === null || value === false ? 0 : 1)
  const { acts, attend: _, ...weights } = people
  const many = shape.workers + shape.sessions + shape.tenants + shape.tools.length + shape.deploys + acts
  const drawn = [...Object.values(faults), ...Object.values(weights), shape.padding, shape.skewMs]
  const { plans, memory } = shape
  const remembered = memory === null ? 0 : 5
  const planned = plans === null ? [] : [plans.flawed, plans.fails, plans.planned, plans.flexible, plans.plain]
  const capped = [approval.total, approval.notRequester, budget.maxTokens, budget.maxCostMicroUsd, budget.maxCalls]
  return (
    many +
    remembered +
    (plans?.tasks ?? 0) +
    [...drawn, ...capped, ...planned].reduce<number>((sum, value) => sum + isSet(value), 0)
  )
}

/** From a shape to smaller ones, the smallest first; none where there is nothing to take out. */
type Step = (shape: Shape) => readonly Shape[]

const faultNames = Object.keys(noFaults) as readonly (keyof typeof noFaults)[]
const weightNames = ['decide', 'settle', 'cancel', 'message', 'extend', 'look', 'reacts', 'rejects', 'edits'] as const

const steps: readonly Step[] = [
  fewer('sessions', 1),
  fewer('tenants', 1),
  fewer('workers', 1),
  fewer('deploys', 0),
  fewer('padding', 0),
  fewer('skewMs', 0),
  (shape) => halved(shape.people.acts, 0).map((acts) => ({ ...shape, people: { ...shape.people, acts } })),
  ...faultNames.map(
    (name): Step =>
      (shape) =>
        shape.faults[name] === 0 ? [] : [{ ...shape, faults: { ...shape.faults, [name]: 0 } }],
  ),
  ...weightNames.map(
    (name): Step =>
      (shape) =>
        shape.people[name] === 0 ? [] : [{ ...shape, people: { ...shape.people, [name]: 0 } }],
  ),
  withoutTools,
  withoutPlans,
  withoutMemory,
  withoutCaps,
  fewer('callsAtMost', 1),
  (shape) => (shape.approval.total === null ? [] : [{ ...shape, approval: { ...shape.approval, total: null } }]),
  (shape) => (shape.approval.notRequester ? [{ ...shape, approval: { ...shape.approval, notRequester: false } }] : []),
]

function fewer(
  name: 'sessions' | 'tenants' | 'workers' | 'deploys' | 'padding' | 'skewMs' | 'callsAtMost',
  least: number,
): Step {
  return (shape) =>
    halved(shape[name], least).map((value) => {
      const smaller = { ...shape, [name]: value }
      return { ...smaller, tenants: Math.min(smaller.tenants, smaller.sessions) }
    })
}

/** The least, half of it, one less. */
function halved(value: number, least: number): readonly number[] {
  if (value <= least) return []
  return [...new Set([least, Math.max(least, value >> 1), value - 1])]
}

function withoutTools(shape: Shape): readonly Shape[] {
  if (shape.tools.length < 2) return []
  return shape.tools.map((_, index) => ({ ...shape, tools: shape.tools.filter((_, other) => other !== index) }))
}

function withoutPlans(shape: Shape): readonly Shape[] {
  const { plans } = shape
  if (plans === null) return []
  const ways = (['flawed', 'fails', 'planned', 'flexible', 'plain'] as const).filter((name) => plans[name] > 0)
  return [
    { ...shape, plans: null },
    ...halved(plans.tasks, 1).map((tasks) => ({ ...shape, plans: { ...plans, tasks } })),
    ...ways.map((name) => ({ ...shape, plans: { ...plans, [name]: 0 } })),
  ]
}

function withoutMemory(shape: Shape): readonly Shape[] {
  const { memory } = shape
  if (memory === null) return []
  const rates = ['flawed', 'replaces', 'losses', 'retainEndedMs', 'retrieves', 'whenTokens', 'windowTurns'] as const
  const fewer = rates.flatMap((name) => (memory[name] === 0 ? [] : [{ ...memory, [name]: 0 }]))
  const plain = memory.processor === 'none' ? [] : [{ ...memory, processor: 'none' as const }]
  return [{ ...shape, memory: null }, ...[...fewer, ...plain].map((each) => ({ ...shape, memory: each }))]
}

function withoutCaps(shape: Shape): readonly Shape[] {
  const caps = ['maxTokens', 'maxCostMicroUsd', 'maxCalls'] as const
  return caps.flatMap((cap) =>
    shape.budget[cap] === null ? [] : [{ ...shape, budget: { ...shape.budget, [cap]: null } }],
  )
}
