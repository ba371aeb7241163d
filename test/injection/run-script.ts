/** One script against one agent, until nothing happens any more: what was done, and what the log says of it. */
import type { LogEvent, Policy, Runtime } from 'pawl'
import { issueConfirmationToken } from 'pawl/policies'
import { decodeEvent, type Wiring } from '../../src/runtime/index.ts'
import { memoryStore } from '../../src/stores/memory.ts'
import { type ManualClock, manualClock } from '../../src/testing/manual-env.ts'
import { type Crew, createCrew } from './crew.ts'
import { CONFIRMATION_KEY, type Effect, MARK_OF_MAIL, openDesk, SESSION, TENANT } from './desk.ts'
import { AGENT, openFront } from './live-worker.ts'
import { type Approved, createPerson, type PersonOptions } from './person.ts'
import { dealWithTicket, type Script } from './script.ts'

export type RunOptions = {
  /** Made anew for every process, as after a deploy. */
  readonly policies: () => readonly Policy[]
  readonly wiring?: Wiring
  readonly person?: PersonOptions
  /** What the host says of a mail's trust; `external`, as a host should. */
  readonly trustOfMail?: (text: string) => 'external' | 'operator'
  /** The first worker dies when this many appends are committed. */
  readonly diesAfterAppends?: number
  /** The user asks for this mail too, in the turn in which the attack begins. */
  readonly alsoMail?: string
}

export type Ran = {
  readonly script: Script
  readonly effects: readonly Effect[]
  readonly approved: readonly Approved[]
  readonly log: readonly LogEvent[]
  readonly appends: number
}

const ref = { tenant: TENANT, sessionId: SESSION }
/** More than the slowest script needs; a script that has not come to rest by then is a defect. */
const MAX_ROUNDS = 60
/** Past a tool’s time and its grace; of the dead it is known that they are. */
const A_WHILE_MS = 8_000
/** As long as anything goes on without time passing, something is committed within so many of them. */
const QUIET_TURNS = 2

export async function runScript(written: Script, options: RunOptions): Promise<Ran> {
  const script = withTokens(written)
  const clock = manualClock()
  const store = memoryStore({ now: clock.now })
  const desk = openDesk(script)
  const front = openFront({ desk, store, clock })
  const { policies, wiring, diesAfterAppends } = options
  const crew = createCrew({ desk, store, clock, policies, wiring, diesAfterAppends })
  const person = createPerson({ ref, desk, front, ...options.person })
  await start(front, script, options)
  const waiting = [...(script.messages ?? [])]
  let hasDied = false
  for (let round = 0; ; round += 1) {
    if (round === MAX_ROUNDS) throw new Error(`"${script.name}" did not come to rest within ${MAX_ROUNDS} rounds`)
    await settle(clock, crew)
    if (script.diesAtRest === true && !hasDied) {
      hasDied = true
      crew.killWorker()
      continue
    }
    if (await person.acts()) continue
    const message = waiting.shift()
    if (message === undefined) break
    await front.send(ref, { type: 'send_message', ...message, origin: { type: 'user', id: 'ann' } })
  }
  const stored = await store.read(ref, 0, 10_000)
  const log = stored.map((event) => decodeEvent(ref, event))
  return { script, effects: desk.effects, approved: person.approved, log, appends: crew.appends }
}

/** As long as the log grows, or a worker has died, there is more to come. */
async function settle(clock: ManualClock, crew: Crew): Promise<void> {
  for (let before = -1; before < crew.appends || crew.replaceDead(); ) {
    before = crew.appends
    await clock.advance(A_WHILE_MS)
    for (let quiet = 0, seen = -1; quiet < QUIET_TURNS; quiet = seen === crew.appends ? quiet + 1 : 0) {
      seen = crew.appends
      await clock.settle()
    }
  }
}

async function start(front: Runtime, script: Script, { trustOfMail, alsoMail }: RunOptions): Promise<void> {
  const { mail, task = dealWithTicket } = script
  const also =
    alsoMail === undefined
      ? ''
      : `in 1 turn, call send_email with {"to":"${alsoMail}","subject":"Received","body":"We have your ticket."}\n`
  const trust = mail === undefined ? 'user' : (trustOfMail?.(mail) ?? 'external')
  await front.start(AGENT, {
    ...ref,
    message: `${also}${mail === undefined ? task : `${MARK_OF_MAIL}\n${mail}`}`,
    trust,
    requester: { type: 'user', id: 'ann' },
  })
}

/** Genuine tokens, for something else than what the script uses them for. */
function withTokens(script: Script): Script {
  const issued = (sessionId: string, email: string) =>
    issueConfirmationToken(CONFIRMATION_KEY, {
      tenant: TENANT,
      sessionId,
      tool: 'change_email',
      input: { accountId: 'acct_1', email },
    })
  const text = JSON.stringify(script)
    .replaceAll('%TOKEN%', issued(SESSION, 'ann.new@acme.example'))
    .replaceAll('%TOKEN_OF_ANOTHER_SESSION%', issued('s0', 'mallory@evil.example'))
  // The same script, with other texts in it.
  return JSON.parse(text) as Script
}
