/** P15: what lists show, and what a stranger is told. */
import type { SessionRef } from '../../ports/index.ts'
import { canonicalJson } from '../../runtime/index.ts'
import type { Ask } from './people-send.ts'
import { keyOf } from './records.ts'

const INVARIANT = 'P15 no tenant reads another'

export function lookAround(ask: Ask): void {
  const { chance } = ask.context.world
  chance.pick([listApprovals, listSessions, askAsStranger] as const)(ask)
}

function listApprovals({ context, record }: Ask): void {
  const { world, api } = context
  const { tenant, sessionId } = record
  const filter = world.chance.happens(0.5) ? { tenant } : { tenant, sessionId }
  api()
    .runtime.approvals.list(filter)
    .then(
      (rows) => {
        for (const row of rows) {
          if (isForeign(filter, row))
            world.violate(record, INVARIANT, `${tenant} was shown an approval of ${keyOf(row)}`)
          const asked = world.records.find(row)?.open.get(row.approvalId)
          if (
            asked !== undefined &&
            asked.subject === undefined &&
            canonicalJson([asked.input ?? null]) !== canonicalJson([row.input])
          )
            world.violate(record, 'P8 people see what will run', `${row.approvalId} shows ${JSON.stringify(row.input)}`)
        }
      },
      () => {},
    )
}

function listSessions({ context, record }: Ask): void {
  const { world, api } = context
  const { tenant } = record
  api()
    .store.sessions({ tenant, limit: 100 })
    .then(
      (heads) => {
        for (const head of heads)
          if (head.tenant !== tenant) world.violate(record, INVARIANT, `${tenant} was shown the session ${keyOf(head)}`)
        const known = world.records.all().filter((each) => each.tenant === tenant)
        if (heads.length > known.length)
          world.violate(record, INVARIANT, `${tenant} was shown ${heads.length} sessions`)
      },
      () => {},
    )
}

/** A tenant that has no session: whatever id it names, it is told the same. */
function askAsStranger({ context, record, commandId }: Ask): void {
  const { world, api } = context
  const stranger = { tenant: 'stranger', sessionId: record.sessionId }
  const told = (what: string, isRefused: boolean) => {
    if (isRefused) world.mark('refused: another tenant')
    else world.violate(record, INVARIANT, `a stranger ${what} ${keyOf(record)}`)
  }
  const command = world.chance.happens(0.5)
    ? ({ type: 'cancel', by: 'eve', commandId } as const)
    : ({ type: 'extend_budget', by: 'eve', tokens: 1, commandId } as const)
  api()
    .runtime.send(stranger, command)
    .then(
      (sent) => told('commanded', sent.type === 'refused' && sent.code === 'unknown_session'),
      () => {},
    )
  api()
    .store.read(stranger, 0, 1)
    .then(
      (events) => told('read', events.length === 0),
      () => {},
    )
}

function isForeign(filter: { readonly tenant: string; readonly sessionId?: string }, row: SessionRef): boolean {
  return row.tenant !== filter.tenant || (filter.sessionId !== undefined && row.sessionId !== filter.sessionId)
}
