/** What reaches a driver from outside its loop: completions, and hints that the head has moved. */
import type { Env } from '../ports/index.ts'
import type { Arrived } from './under-way.ts'

export interface Mailbox {
  push(arrived: Arrived): void
  /** Others have written, the lease is gone, or the runtime drains: look. */
  poke(): void
  /** All that has arrived and was not taken out yet. */
  arrived(): readonly Arrived[]
  /** Takes out what a commit has dealt with. */
  remove(done: readonly Arrived[]): void
  /** True once after each poke. */
  takePoke(): boolean
  /** Resolves at the next push or poke, or after the delay; at once where something is waiting. */
  wait(delayMs: number | null): Promise<void>
  /** The same, whatever is waiting already: for what cannot be dealt with now. */
  pause(delayMs: number): Promise<void>
}

export function createMailbox(env: Pick<Env, 'setTimer'>): Mailbox {
  let inbox: Arrived[] = []
  let isPoked = false
  let wake: (() => void) | null = null
  const ring = () => {
    wake?.()
  }
  const rung = (delayMs: number | null) =>
    new Promise<void>((resolve) => {
      const cancel = delayMs === null ? () => {} : env.setTimer(delayMs, ring)
      wake = () => {
        wake = null
        cancel()
        resolve()
      }
    })
  return {
    push: (arrived) => {
      inbox.push(arrived)
      ring()
    },
    poke: () => {
      isPoked = true
      ring()
    },
    arrived: () => inbox.slice(),
    remove: (done) => {
      inbox = inbox.filter((arrived) => !done.includes(arrived))
    },
    takePoke: () => {
      const wasPoked = isPoked
      isPoked = false
      return wasPoked
    },
    wait: (delayMs) => (inbox.length > 0 || isPoked ? Promise.resolve() : rung(delayMs)),
    pause: rung,
  }
}
