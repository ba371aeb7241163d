/**
 * What a simulated world is like: drawn from the seed, and plain JSON, so that a failure can be repeated under a smaller one.
 * The run itself draws from another stream of the same seed.
 */
import { type Chance, chanceOf } from './chance.ts'
import { drawMemory, type MemoryShape } from './memory-shape.ts'
import { drawPlans, type PlansShape } from './plans-shape.ts'

/** How often each fault strikes, as probabilities. All zero once the world heals. */
export type Faults = {
  /** A process dies at a point where it waits. */
  readonly crash: number
  /** A process stops for longer than its lease, and goes on. */
  readonly freeze: number
  /** A write's answer is lost after it was applied. */
  readonly lostAnswer: number
  /** The store refuses a request, and has done nothing. */
  readonly unavailable: number
  readonly modelFails: number
  readonly toolFailsBefore: number
  readonly toolFailsAfter: number
  readonly toolHangs: number
  readonly policyIsSlow: number
  /** A clock of a machine jumps. */
  readonly clockJumps: number
  /** A request of a person is sent two times. */
  readonly repeats: number
}

export const toolNames = ['look', 'note', 'pay', 'wire', 'tip', 'ask', 'close', 'nothing'] as const
export type ToolName = (typeof toolNames)[number]

/** When people are asked. `amount` is what a call spends. */
export type ApprovalShape = {
  /** Over this amount a person decides. */
  readonly over: number
  /** Over this amount two of them. */
  readonly twoOver: number
  /** Over this amount nobody may. */
  readonly denyOver: number
  /** What all writes of a session may spend together that ended well; null: any amount. */
  readonly total: number | null
  readonly expiresAfterMs: number
  readonly notRequester: boolean
}

export type BudgetShape = {
  readonly maxTurns: number
  readonly maxTokens: number | null
  readonly maxCostMicroUsd: number | null
  readonly maxCalls: number | null
  readonly maxWallClockMs: number
  readonly maxEvents: number
  readonly maxCallRetries: number
  readonly whenExhausted: 'stop' | 'block'
}

/** What people do: how many acts, and how often each kind of act is drawn against the others. */
export type PeopleShape = {
  readonly acts: number
  readonly decide: number
  readonly settle: number
  readonly cancel: number
  readonly message: number
  readonly extend: number
  readonly look: number
  /** How often somebody acts just when a session comes to rest. */
  readonly reacts: number
  readonly rejects: number
  readonly edits: number
  /** After the faults somebody answers all that is open; otherwise what expires has to expire. */
  readonly attend: boolean
}

export type Shape = {
  readonly workers: number
  readonly sessions: number
  readonly tenants: number
  readonly tools: readonly ToolName[]
  /** The most calls of one decision. */
  readonly callsAtMost: number
  /** How often a decision is the last. */
  readonly ends: number
  readonly maxConcurrentCalls: number
  readonly slowestMs: number
  readonly leaseMs: number
  /** The largest difference of a machine's clock. */
  readonly skewMs: number
  /** Times that a worker is told to stop, as by a deploy. */
  readonly deploys: number
  /** Characters that each message of a person has more: long logs get snapshots. */
  readonly padding: number
  readonly faultsEndMs: number
  readonly faults: Faults
  readonly approval: ApprovalShape
  readonly budget: BudgetShape
  readonly people: PeopleShape
  /** How its sessions plan; null: none does. */
  readonly plans: PlansShape | null
  /** How its sessions remember; null: everything fits. */
  readonly memory: MemoryShape | null
}

export const noFaults: Faults = {
  crash: 0,
  freeze: 0,
  lostAnswer: 0,
  unavailable: 0,
  modelFails: 0,
  toolFailsBefore: 0,
  toolFailsAfter: 0,
  toolHangs: 0,
  policyIsSlow: 0,
  clockJumps: 0,
  repeats: 0,
}

type Richness = 'short' | 'middle' | 'rich'

export function drawShape(seed: number): Shape {
  const chance = chanceOf(Math.imul(seed, 0x9e3779b1) ^ 0x5ca1ab1e)
  const richness = chance.pick(['short', 'middle', 'middle', 'rich'] as const)
  const sessions = 1 + chance.below({ short: 1, middle: 3, rich: 5 }[richness])
  const plans = drawPlans(seed)
  const people = drawPeople(chance, { short: 4, middle: 10, rich: 16 }[richness])
  return {
    workers: 1 + chance.below(richness === 'rich' ? 4 : 3),
    sessions,
    tenants: 1 + chance.below(Math.min(3, sessions)),
    tools: drawTools(chance),
    callsAtMost: 1 + chance.below(richness === 'short' ? 2 : 4),
    ends: rounded(chance.between(0.2, 0.6)),
    maxConcurrentCalls: 1 + chance.below(4),
    slowestMs: chance.pick([2, 12, 12, 40] as const),
    leaseMs: chance.pick([800, 2_000] as const),
    skewMs: chance.happens(0.5) ? 100_000 : 0,
    deploys: chance.happens(0.2) ? 1 + chance.below(2) : 0,
    padding: chance.happens(0.04) ? 34_000 : 0,
    faultsEndMs: { short: 5_000, middle: 9_000, rich: 12_000 }[richness],
    faults: drawFaults(chance),
    approval: drawApproval(chance, people.attend),
    budget: drawBudget(chance, richness),
    people,
    plans,
    memory: drawMemory(seed, plans !== null),
  }
}

function drawFaults(chance: Chance): Faults {
  const some = (most: number) => (chance.happens(0.55) ? rounded(chance.random() * most) : 0)
  return {
    crash: some(0.012),
    freeze: some(0.006),
    lostAnswer: some(0.06),
    unavailable: some(0.04),
    modelFails: some(0.2),
    toolFailsBefore: some(0.2),
    toolFailsAfter: some(0.15),
    toolHangs: some(0.1),
    policyIsSlow: some(0.4),
    clockJumps: some(0.02),
    repeats: some(0.5),
  }
}

/** Any of them, some more often than others; never none. */
function drawTools(chance: Chance): readonly ToolName[] {
  const drawn = toolNames.filter(() => chance.happens(0.6))
  const [first, ...others] = drawn.length > 0 ? drawn : [...toolNames]
  return first === undefined ? drawn : [...drawn, chance.pick([first, ...others])]
}

function drawApproval(chance: Chance, isAttended: boolean): ApprovalShape {
  const over = chance.below(5)
  const twoOver = over + chance.below(3)
  return {
    over,
    twoOver,
    denyOver: chance.happens(0.6) ? 4 : 5,
    total: chance.happens(0.25) ? 4 + chance.below(12) : null,
    // Longer than any clock can be wrong, where somebody is sure to answer.
    expiresAfterMs: chance.pick([1_500, 6_000, 20_000, isAttended ? 900_000 : 20_000] as const),
    notRequester: chance.happens(0.3),
  }
}

function drawBudget(chance: Chance, richness: Richness): BudgetShape {
  const some = (probability: number, amount: () => number) => (chance.happens(probability) ? amount() : null)
  return {
    maxTurns: richness === 'short' ? 1 + chance.below(3) : 3 + chance.below(4),
    maxTokens: some(0.3, () => 500 + chance.below(8_000)),
    maxCostMicroUsd: some(0.15, () => 1_000 + chance.below(12_000)),
    maxCalls: some(0.15, () => chance.below(8)),
    maxWallClockMs: chance.happens(0.2) ? 1_000 + chance.below(6_000) : 600_000,
    maxEvents: chance.happens(0.1) ? 36 + chance.below(30) : 50_000,
    maxCallRetries: chance.happens(0.3) ? chance.below(3) : 10,
    whenExhausted: chance.happens(0.5) ? 'block' : 'stop',
  }
}

function drawPeople(chance: Chance, mostActs: number): PeopleShape {
  const weight = (most: number) => (chance.happens(0.75) ? 1 + chance.below(most) : 0)
  return {
    acts: chance.below(mostActs + 1),
    decide: weight(8),
    settle: weight(6),
    cancel: chance.happens(0.35) ? 1 : 0,
    message: weight(3),
    extend: weight(2),
    look: weight(3),
    reacts: chance.happens(0.5) ? 0.15 : 0,
    rejects: rounded(chance.random() * 0.3),
    edits: rounded(chance.random() * 0.3),
    attend: chance.happens(0.75),
  }
}

/** Short in JSON, for people who repeat it. */
function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
