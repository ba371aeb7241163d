/** The workers of a round: started, killed as planned, started again, and drained at the end. */
import { setTimeout as after } from 'node:timers/promises'
import { type Child, startChild } from './child.ts'
import type { WorkerOrders } from './worker-orders.ts'

/** A drain is over within the grace and a little; a machine under load takes longer. */
const MAX_DRAIN_MS = 20_000

export interface Crew {
  /** Resolves when all planned kills are done; the workers go on. */
  readonly killed: Promise<void>
  /** Drains every worker. What went wrong with any of them, in sentences. */
  stop(): Promise<readonly string[]>
}

/** `onDeath` is called after each kill, before the worker is started again. */
export function startCrew(orders: WorkerOrders, kills: readonly (readonly number[])[], onDeath: () => void): Crew {
  const slots = kills.map((delaysMs) => startSlot(orders, delaysMs, onDeath))
  return {
    killed: Promise.all(slots.map((slot) => slot.killed)).then(() => {}),
    stop: async () => (await Promise.all(slots.map((slot) => slot.stop()))).flat(),
  }
}

function startSlot(orders: WorkerOrders, delaysMs: readonly number[], onDeath: () => void): Crew {
  const problems: string[] = []
  let current: Child | null = null
  const start = (): Child => {
    current = startChild('worker.ts', JSON.stringify(orders))
    return current
  }
  const killAll = async (): Promise<void> => {
    for (const delayMs of delaysMs) {
      const worker = start()
      await worker.firstLine
      await after(delayMs)
      worker.signal('SIGKILL')
      const end = await worker.ended
      if (end !== 'SIGKILL') problems.push(`a worker ended by itself with ${end}`)
      problems.push(...complaintsOf(worker))
      onDeath()
    }
    await start().firstLine
  }
  const killed = killAll().catch((problem: unknown) => {
    problems.push(String(problem))
  })
  return {
    killed,
    stop: async () => {
      await killed
      if (current !== null) problems.push(...(await drain(current)))
      return problems
    },
  }
}

async function drain(worker: Child): Promise<readonly string[]> {
  worker.signal('SIGTERM')
  const late = new AbortController()
  const isLate = after(MAX_DRAIN_MS, 'late' as const, { signal: late.signal }).catch(() => 'ended' as const)
  const end = await Promise.race([worker.ended, isLate])
  late.abort()
  if (end === 'late') worker.signal('SIGKILL')
  await worker.ended
  const wrong = end === 0 ? [] : [`a worker that should drain ended with ${end}`]
  return [...wrong, ...complaintsOf(worker)]
}

/** What a worker reports through `onProblem` is a problem here too. */
function complaintsOf(worker: Child): readonly string[] {
  const text = worker.complaints().trim()
  return text === '' ? [] : [`a worker complained: ${text}`]
}
