import type { Command } from 'commander'
import type { Json } from '../../index.ts'
import type { ApprovalRow } from '../../ports/index.ts'
import type { App } from '../app.ts'
import type { Cli } from '../cli.ts'
import type { Exit } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { maskOf, type Reader } from '../read-log.ts'
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
async function masked(reader: Reader, row: ApprovalRow): Promise<ApprovalRow> {
  // Our own canonical JSON, written with these fields.
  const asked = JSON.parse(row.body) as { readonly tool: string; readonly input: Json }
  const mask = await maskOf(reader, row, [asked.tool])
  return { ...row, body: JSON.stringify({ ...asked, input: mask.input(asked.tool, asked.input) }) }
}

async function list(app: App): Promise<Exit> {
  const { store, terminal, isJson, options } = app
  const { tenant } = options
  const found = await store.approvals({ limit: LIMIT, ...(tenant !== undefined && { tenant }) })
  const rows = await Promise.all(found.map((row) => masked(app, row)))
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
