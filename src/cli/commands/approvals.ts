import type { Command } from 'commander'
import type { Json, Store } from '../../index.ts'
import type { ApprovalRow } from '../../ports/index.ts'
import { decodeEvent } from '../../runtime/index.ts'
import type { App } from '../app.ts'
import type { Cli } from '../cli.ts'
import type { Exit } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { maskOf } from '../read-log.ts'
import { renderApprovals } from '../render/approvals.ts'

const LIMIT = 100

/** What people have to decide. */
export function addApprovals(program: Command, cli: Cli): void {
  program
    .command('approvals')
    .summary('list what waits for people')
    .description('Lists the open approvals and questions of all sessions, the oldest first, with what to run.')
    .addHelpText('after', examples(cli, ['pawl approvals', 'pawl approvals --json | jq .body.input']))
    .action(cli.action(list))
}

/** What was asked, without the sensitive fields of the input. */
async function masked(store: Store, row: ApprovalRow): Promise<ApprovalRow> {
  // Our own canonical JSON, written with these fields.
  const asked = JSON.parse(row.body) as { readonly tool: string; readonly input: Json }
  const [first] = await store.read(row, 0, 1)
  const mask = await maskOf(store, first === undefined ? [] : [decodeEvent(row, first)])
  return { ...row, body: JSON.stringify({ ...asked, input: mask.input(asked.tool, asked.input) }) }
}

async function list({ store, terminal, isJson, options }: App): Promise<Exit> {
  const { tenant } = options
  const found = await store.approvals({ limit: LIMIT, ...(tenant !== undefined && { tenant }) })
  const rows = await Promise.all(found.map((row) => masked(store, row)))
  if (isJson) for (const row of rows) terminal.out(JSON.stringify({ ...row, body: JSON.parse(row.body) }))
  if (isJson) return 'ok'
  const unknown = await store.sessions({
    status: 'blocked(unknown_outcome)',
    limit: LIMIT,
    ...(tenant !== undefined && { tenant }),
  })
  for (const line of renderApprovals(rows, unknown, { ...terminal, now: terminal.now() })) terminal.out(line)
  return 'ok'
}
