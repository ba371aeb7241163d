/** The workers of a desk, one at a time: when one has died, the next takes over. */
import { startWorker, type WorkerOptions } from './live-worker.ts'

export interface Crew {
  /** Of all workers. */
  readonly appends: number
  killWorker(): void
  /** True where the place was empty. */
  replaceDead(): boolean
}

export type CrewOptions = Pick<WorkerOptions, 'desk' | 'store' | 'clock' | 'wiring'> & {
  /** Made anew for every worker, as after a deploy. */
  readonly policies: () => WorkerOptions['policies']
  /** Of the first worker. */
  readonly diesAfterAppends?: number | undefined
}

export function createCrew({ policies, diesAfterAppends, ...place }: CrewOptions): Crew {
  const dead = new Set<string>()
  let appends = 0
  let hired = 0
  let isVacant = false
  const hire = () => {
    hired += 1
    return startWorker(`worker-${hired}`, {
      ...place,
      dead,
      policies: policies(),
      diesAfterAppends: hired === 1 ? diesAfterAppends : undefined,
      onAppended: () => {
        appends += 1
      },
      onDeath: () => {
        isVacant = true
      },
    })
  }
  let worker = hire()
  return {
    get appends() {
      return appends
    },
    killWorker: () => worker.die(),
    replaceDead: () => {
      if (!isVacant) return false
      isVacant = false
      worker = hire()
      return true
    },
  }
}
