import type { Command } from 'commander'
import type { Json } from '../../index.ts'
import type { ApprovalRow } from '../../ports/index.ts'
import type { LogMask } from '../../runtime/index.ts'
import type { App } from '../app.ts'
import type { Cli } from '../cli.ts'
import type { Exit } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { masksOf } from '../read-log.ts'
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
function masked(row: ApprovalRow, mask: LogMask): ApprovalRow {
  // Our own canonical JSON, written with these fields.
  const asked = JSON.parse(row.body) as { readonly tool: string; readonly input: Json }
  return { ...row, body: JSON.stringify({ ...asked, input: mask.input(asked.tool, asked.input) }) }
}

async function list(app: App): Promise<Exit> {
  const { store, terminal, isJson, options } = app
  const { tenant } = options
  const found = await store.approvals({ limit: LIMIT, ...(tenant !== undefined && { tenant }) })
  const maskOf = masksOf(app)
  const rows: ApprovalRow[] = []
  for (const row of found) rows.push(masked(row, await maskOf(row)))
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
