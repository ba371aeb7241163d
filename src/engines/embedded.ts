/** Drives sessions in this process, over the store's wakes. Hints make it quick; looking at the store makes it right. */
import type { Engine, EngineHost, SessionRef } from '../ports/index.ts'
import { sweepEvery } from './sweep-every.ts'

/** Looks between two reads of the list of workers, for holders that have died. */
const LOOKS_PER_DEATH_CHECK = 4

export function embedded(): Engine {
  let dispatcher: Dispatcher | null = null
  let stopSweeping = async () => {}
  return {
    start: (host) => {
      dispatcher = new Dispatcher(host)
      dispatcher.start()
      stopSweeping = sweepEvery(host)
    },
    poke: (ref) => dispatcher?.poke(ref),
    stop: async () => {
      await Promise.all([dispatcher?.stop(), stopSweeping()])
    },
  }
}

/** Due sessions that may wait in memory for a place, beside those that have one: a look serves this many ends. */
const LOOK_AHEAD = 32

/** The longest wait after failures, in `noticeMs`. */
const MOST_NOTICES_BETWEEN_TRIES = 128

const keyOf = (ref: SessionRef): string => JSON.stringify([ref.tenant, ref.sessionId])

/** What is driven, what waits for a place, and when to look next. */
class Dispatcher {
  readonly #host: EngineHost
  readonly #driving = new Map<string, Promise<void>>()
  /** Poked while it was driven: looked at again when that drive ends. */
  readonly #again = new Map<string, SessionRef>()
  readonly #waiting = new Map<string, SessionRef>()
  /** Sessions whose claims died before: each is driven with nothing beside it. */
  readonly #lonely = new Map<string, SessionRef>()
  /** How often in a row a drive of a session has failed. */
  readonly #failures = new Map<string, number>()
  readonly #cancelTries = new Set<() => void>()
  #deadWorkers: readonly string[] = []
  #looks = 0
  #isStopped = false
  /** One at a time is driven alone, here or in a process of its own. */
  #isAlone = false
  /** Not before it is known which workers are dead: what a dead one ran is lost at once. */
  #isReady = false
  #isLooking = false
  /** At the last look more was due than there were places for. */
  #isCrowded = false
  #cancelTimer = () => {}
  #looking: Promise<void> = Promise.resolve()

  constructor(host: EngineHost) {
    this.#host = host
  }

  start(): void {
    this.#looking = this.#look()
  }

  poke(ref: SessionRef): void {
    if (this.#isStopped) return
    const key = keyOf(ref)
    if (this.#driving.has(key)) {
      this.#again.set(key, ref)
      this.#host.notice(ref)
    } else this.#waiting.set(key, ref)
    this.#fill()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#cancelTimer()
    for (const cancel of this.#cancelTries) cancel()
    await this.#looking
    while (this.#driving.size > 0) await Promise.all(this.#driving.values())
  }

  async #look(): Promise<void> {
    this.#isLooking = true
    const delayMs = await this.#lookOnce().catch((problem: unknown) => {
      this.#host.report(problem)
      return this.#host.noticeMs
    })
    this.#isLooking = false
    if (this.#isStopped) return
    this.#cancelTimer = this.#host.env.setTimer(delayMs, () => {
      this.#looking = this.#look()
    })
  }

  /** Milliseconds until the next look. */
  async #lookOnce(): Promise<number> {
    const { store, env, noticeMs, maxSessionsInFlight, format, agents } = this.#host
    if (this.#looks % LOOKS_PER_DEATH_CHECK === 0) {
      const workers = await store.workers()
      this.#isReady = true
      this.#deadWorkers = workers.filter(({ holder }) => env.isDead(holder)).map(({ workerId }) => workerId)
    }
    this.#looks += 1
    const free = maxSessionsInFlight - this.#driving.size
    const limit = Math.max(LOOK_AHEAD, free)
    const due = await store.due({ limit, deadWorkers: this.#deadWorkers, format, agents })
    for (const ref of due.refs) if (!this.#driving.has(keyOf(ref))) this.#waiting.set(keyOf(ref), ref)
    this.#fill()
    for (const ref of await store.moved(this.#host.driven())) this.#host.notice(ref)
    const { nextWakeAt, storeNow } = due
    this.#isCrowded = nextWakeAt !== null && nextWakeAt <= storeNow
    if (nextWakeAt === null || this.#isCrowded) return noticeMs
    return Math.min(noticeMs, nextWakeAt - storeNow)
  }

  /** Where more was due than there were places for, a place that nothing waits for is a reason to look. */
  #lookForMore(): void {
    if (!this.#isCrowded || this.#waiting.size > 0 || this.#isLooking || this.#isStopped) return
    this.#cancelTimer()
    this.#looking = this.#look()
  }

  #fill(): void {
    const { aloneIsElsewhere } = this.#host
    if (this.#isStopped || !this.#isReady) return
    if (this.#lonely.size > 0 && !this.#isAlone && (aloneIsElsewhere || this.#driving.size === 0)) this.#driveLonely()
    // What is driven alone here has nothing beside it, and what waits for that keeps others from beginning.
    if (!aloneIsElsewhere && (this.#isAlone || this.#lonely.size > 0)) return
    for (const [key, ref] of this.#waiting) {
      if (this.#driving.size >= this.#host.maxSessionsInFlight) return
      this.#waiting.delete(key)
      if (!this.#driving.has(key)) this.#drive(key, ref, false)
    }
  }

  #driveLonely(): void {
    const [first] = this.#lonely
    if (first === undefined) return
    const [key, ref] = first
    this.#lonely.delete(key)
    this.#isAlone = true
    this.#drive(key, ref, true)
  }

  #drive(key: string, ref: SessionRef, alone: boolean): void {
    const drove = this.#host.drive(ref, { alone, deadWorkers: this.#deadWorkers }).then((how) => {
      this.#driving.delete(key)
      if (alone) this.#isAlone = false
      if (how === 'failed') this.#driveLater(key, ref)
      else this.#failures.delete(key)
      if (how === 'must_drive_alone') this.#lonely.set(key, ref)
      else if (this.#again.delete(key)) this.#waiting.set(key, ref)
      this.#fill()
      if (how === 'rested') this.#lookForMore()
    })
    this.#driving.set(key, drove)
  }

  /** Twice as late after each failure. */
  #driveLater(key: string, ref: SessionRef): void {
    if (this.#isStopped) return
    const failures = this.#failures.get(key) ?? 0
    this.#failures.set(key, failures + 1)
    const delayMs = this.#host.noticeMs * Math.min(2 ** failures, MOST_NOTICES_BETWEEN_TRIES)
    const cancel = this.#host.env.setTimer(delayMs, () => {
      this.#cancelTries.delete(cancel)
      this.poke(ref)
    })
    this.#cancelTries.add(cancel)
  }
}
