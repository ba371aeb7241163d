/** The workers of a round: put to work, struck as planned, replaced, and laid to rest at the end. */
import { setTimeout as after } from 'node:timers/promises'
import { limitsOf } from './mode.ts'
import type { RoundPlan, Strike } from './plan-round.ts'
import type { Pool, Worker } from './pool.ts'
import { type Blow, strike } from './strikes.ts'
import type { FileWatch } from './watch-file.ts'
import type { Tells, WorkerOrders } from './worker-orders.ts'

export interface Crew {
  /** Resolves when all planned strikes are done; the workers go on. */
  readonly struck: Promise<readonly Blow[]>
  /** Lays every worker to rest. What went wrong with any of them, in sentences. */
  stop(): Promise<readonly string[]>
}

export type Workplace = {
  readonly pool: Pool
  readonly orders: WorkerOrders
  readonly watch: FileWatch
  readonly onTells: (tells: Tells) => void
}

export function startCrew(plan: RoundPlan, { pool, orders, watch, onTells }: Workplace): Crew {
  const problems: string[] = []
  const take = () => pool.take(orders, onTells)
  const slots: Worker[] = Array.from({ length: plan.slots }, take)
  const means = { watch, leaseMs: limitsOf[plan.mode].leaseMs, secondTerm: plan.secondTerm }
  const strikeOne = async (planned: Strike): Promise<readonly Blow[]> => {
    const worker = slots[planned.slot]
    if (worker === undefined) return []
    await worker.working
    await after(planned.afterMs)
    const struck = await strike(worker, planned, means)
    problems.push(...struck.problems)
    if (!struck.lives) slots[planned.slot] = take()
    return [struck.blow]
  }
  const strikeAll = async (list: readonly Strike[]): Promise<readonly Blow[]> => {
    const blows: Blow[] = []
    try {
      for (const planned of list) blows.push(...(await strikeOne(planned)))
      await Promise.all(slots.map(({ working }) => working))
    } catch (problem) {
      problems.push(String(problem))
    }
    return blows
  }
  const struck = Promise.all(plan.strikes.map(strikeAll)).then((blows) => blows.flat())
  return {
    struck,
    stop: async () => {
      await struck
      const rested = await Promise.all(slots.map((worker) => worker.rest()))
      return [...problems, ...rested.flat()]
    },
  }
}
