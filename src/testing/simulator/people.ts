/** People, through an API process: they speak, cancel, approve, edit, answer twice or late, settle what nobody knows. */
import type { Runtime, Sent } from '../../runtime/index.ts'
import type { Outside } from './outside.ts'
import type { SessionRecord } from './record.ts'
import type { Records } from './records.ts'
import type { World } from './world.ts'

export type People = {
  /** Does something to some session, or nothing. */
  act(): void
  /** Just after something was written: whoever is quick meets the driver on its way to rest. */
  react(record: SessionRecord): void
  /** After the faults: answers everything that is open. */
  attend(): void
}

type Context = {
  readonly world: World
  readonly records: Records
  readonly outside: Outside
  readonly api: () => Runtime
}

const persons = ['ann', 'bob', 'cem'] as const

export function createPeople(context: Context): People {
  const { world, records } = context
  const { chance } = world
  let ids = 0
  const newId = () => {
    ids += 1
    return `p${ids}`
  }
  const doSomething = (record: SessionRecord) => {
    const commandId = newId()
    if (record.open.size > 0 && chance.happens(0.5)) return decide(context, record, commandId)
    if (record.unknown.size > 0 && chance.happens(0.5)) return settle(context, record, commandId)
    if (chance.happens(0.08)) return twice(context, record, { type: 'cancel', by: 'ann', commandId })
    if (chance.happens(0.2))
      return twice(context, record, {
        type: 'send_message',
        text: 'and?',
        trust: 'user',
        origin: { type: 'user' },
        commandId,
      })
    if (chance.happens(0.1)) twice(context, record, { type: 'extend_budget', by: 'ann', tokens: 500, commandId })
  }
  return {
    react: (record) => {
      world.scheduler.after(chance.random() * 8, null, () => doSomething(record))
    },
    act: () => {
      const [first, ...others] = records.all()
      if (first !== undefined) doSomething(chance.pick([first, ...others]))
    },
    attend: () => {
      for (const record of records.all()) {
        if (record.open.size > 0) decide(context, record, newId())
        else if (record.unknown.size > 0 && record.ended === null) settle(context, record, newId())
        else if (record.parked === 'budget') twice(context, record, { type: 'cancel', by: 'ann', commandId: newId() })
        else if (record.parked === 'poison') {
          twice(context, record, {
            type: 'send_message',
            text: 'go on',
            trust: 'user',
            origin: { type: 'user' },
            commandId: newId(),
          })
        }
      }
    },
  }
}

type Commanded = Parameters<Runtime['send']>[1] & { readonly commandId: string }

/** Sends, now and then two times; what was acknowledged must stand in the log by then. */
function twice(context: Context, record: SessionRecord, command: Commanded): void {
  const { world, api } = context
  const times = world.chance.happens(0.15) ? 2 : 1
  for (let time = 0; time < times; time += 1) {
    api()
      .send({ sessionId: record.sessionId, tenant: record.tenant }, command)
      .then(
        (sent) => acknowledged(context, record, { sent, commandId: command.commandId }),
        () => {},
      )
  }
}

function acknowledged(
  { world }: Context,
  record: SessionRecord,
  { sent, commandId }: { sent: Sent; commandId: string },
): void {
  if (sent.type === 'refused' || record.commandIds.has(commandId)) return
  world.violate({
    invariant: 'P1 acknowledged is never lost',
    detail: `${commandId} was acknowledged, and does not stand in the log`,
    sessionId: record.sessionId,
  })
}

function decide(context: Context, record: SessionRecord, commandId: string): void {
  const { world, api } = context
  const { chance } = world
  const [asked] = [...record.open.values()]
  if (asked === undefined) return
  const { approvals } = api()
  const name = { sessionId: record.sessionId, tenant: record.tenant, approvalId: asked.approvalId, commandId }
  const by = chance.pick(persons)
  const answer = () => {
    if (asked.kind === 'question') return approvals.answer(name, by, chance.happens(0.5) ? '1' : 'neither')
    if (chance.happens(0.15)) return approvals.reject(name, by, { reason: 'no' })
    if (chance.happens(0.15)) return approvals.edit(name, by, { amount: 1 + chance.below(4) })
    return approvals.approve(name, by, { hash: asked.hash })
  }
  const report = (sent: Sent) => acknowledged(context, record, { sent, commandId })
  answer().then(report, () => {})
  // Somebody else is quicker, or slower.
  if (chance.happens(0.3))
    approvals.approve({ ...name, commandId: `${commandId}b` }, chance.pick(persons)).then(
      () => {},
      () => {},
    )
}

/** They go and look: what they say is true at that moment. */
function settle(context: Context, record: SessionRecord, commandId: string): void {
  const { world, outside } = context
  const [callId] = record.unknown
  if (callId === undefined) return
  const found = outside.lookUp(record.sessionId, callId)
  const settlement = found !== null ? 'took_effect' : world.chance.happens(0.3) ? 'run_again' : 'did_not_take_effect'
  twice(context, record, {
    type: 'settle',
    callId,
    settlement,
    by: world.chance.pick(persons),
    commandId,
    ...(found !== null && { output: { seen: true } }),
  })
}
