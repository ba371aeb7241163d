/** People, through an API process: they speak, cancel, look, extend, and settle what nobody knows. */
import type { Store } from '../../ports/index.ts'
import type { Runtime } from '../../runtime/index.ts'
import type { Outside } from './outside.ts'
import { decide } from './people-decide.ts'
import { type Ask, sent } from './people-send.ts'
import { lookAround } from './people-views.ts'
import { messageText } from './random-model.ts'
import type { SessionRecord } from './record.ts'
import type { World } from './world.ts'

export type People = {
  /** Does something to some session, or nothing. */
  act(): void
  /** Just after something was written: whoever is quick meets the driver on its way to rest. */
  react(record: SessionRecord): void
  /** After the faults: answers everything that is open. */
  attend(): void
}

export type PeopleContext = {
  readonly world: World
  readonly outside: Outside
  /** The API process as it is now: it dies and comes back. */
  readonly api: () => { readonly runtime: Runtime; readonly store: Store }
}

export const persons = ['ann', 'bob', 'cem'] as const

export function createPeople(context: PeopleContext): People {
  const { world } = context
  const { chance, records, shape, scheduler } = world
  let ids = 0
  const ask = (record: SessionRecord): Ask => {
    ids += 1
    return { context, record, commandId: `p${ids}` }
  }
  return {
    react: (record) => {
      // Several at once now and then, so that a driver loses its race more than one time.
      const count = chance.happens(0.3) ? 4 : 1
      for (let each = 0; each < count; each += 1)
        scheduler.after(chance.random() * 8 * count, null, () => doSomething(ask(record)))
    },
    act: () => {
      const record = chance.among(records.all())
      if (record !== undefined) doSomething(ask(record))
    },
    attend: () => {
      for (const record of records.all()) {
        if (record.parked === 'poison') say(ask(record), shape.padding)
        else if (record.open.size > 0) decide(ask(record))
        else if (record.unknown.size > 0 && record.ended === null) settle(ask(record))
        else if (record.parked === 'budget') sent(ask(record), { type: 'cancel', by: 'ann' })
      }
    },
  }
}

/** One of what this world's people do, as often as its shape says. */
function doSomething(asking: Ask): void {
  const { world } = asking.context
  const { people, padding } = world.shape
  const { record } = asking
  const acts: readonly (readonly [number, () => void])[] = [
    [record.open.size > 0 ? people.decide : 0, () => decide(asking)],
    [record.unknown.size > 0 ? people.settle : people.settle / 8, () => settle(asking)],
    [people.cancel, () => sent(asking, { type: 'cancel', by: 'ann' })],
    [people.message, () => say(asking, padding)],
    [people.extend, () => extend(asking)],
    [people.look, () => lookAround(asking)],
    [world.shape.memory?.losses ?? 0, () => lose(world)],
  ]
  let place = world.chance.random() * acts.reduce((sum, [weight]) => sum + weight, 0)
  for (const [weight, act] of acts) {
    if (weight > 0 && place < weight) return act()
    place -= weight
  }
}

function say(asking: Ask, padding: number): void {
  const { tenant, sessionId, said } = asking.record
  const text = `${messageText(tenant, sessionId, `and ${said.length} ${asking.commandId}?`)}${' '.repeat(padding && 1)}${'x'.repeat(padding)}`
  sent(asking, { type: 'send_message', text, trust: 'user', origin: { type: 'user' } })
}

/** A disk forgets what it was to keep. */
function lose({ chance, artifacts }: World): void {
  const kept = chance.among(artifacts.all())
  if (kept !== undefined) artifacts.lose(kept.tenant, kept.hash)
}

type Extension = {
  readonly tokens?: number
  readonly costMicroUsd?: number
  readonly calls?: number
  readonly events?: number
}

const extensions: readonly [Extension, ...Extension[]] = [
  { tokens: 3_000 },
  { costMicroUsd: 4_000 },
  { calls: 2 },
  { events: 40 },
]

function extend(asking: Ask): void {
  const { chance } = asking.context.world
  const amount = chance.pick(extensions)
  sent(asking, { type: 'extend_budget', by: 'ann', ...amount })
}

/** They go and look: what they say is true at that moment. */
function settle(asking: Ask): void {
  const { context, record } = asking
  const { chance } = context.world
  // Now and then somebody settles what nobody asked about.
  const isMistaken = chance.happens(0.1)
  const callId = chance.among(isMistaken ? [...record.calls.keys()] : [...record.unknown])
  if (callId === undefined) return
  const found = context.outside.lookUp(record, callId)
  const settlement = found !== null ? 'took_effect' : chance.happens(0.4) ? 'run_again' : 'did_not_take_effect'
  const output = found === null ? {} : { output: { seen: true } }
  sent(asking, { type: 'settle', callId, settlement, by: chance.pick(persons), ...output })
}
