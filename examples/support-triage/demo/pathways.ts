/** The two business pathways: a case at once, and a case after a person has agreed. */
import type { Runtime, SessionName } from 'pawl'
import { z } from 'zod'
import { confirm } from './confirm.ts'
import { type Narrator, narrator } from './narrate.ts'
import { say, title } from './screen.ts'
import { complaintOf, customers, openRuntime, type Stage } from './stage.ts'

const lead = 'maria@fernpost.example'

/** 49 USD on a verified account: nobody has to be asked. */
export async function underThreshold(stage: Stage): Promise<void> {
  title('1. A double charge under the threshold ends with a case')
  const { runtime, close } = openRuntime(stage, 'pathways', { drives: true })
  const { id, accountId } = customers.under
  const message = complaintOf(accountId)
  const session = await runtime.start('support-triage', { message, requester: { type: 'user', id } })
  await tellUntilRest(runtime, session, { telling: narrator(), after: 0 })
  await close()
}

/** 480 USD: a person decides, and the process holds nothing meanwhile. */
export async function overThreshold(stage: Stage): Promise<void> {
  title('2. A double charge over the threshold waits for a person')
  const { runtime, close } = openRuntime(stage, 'pathways', { drives: true })
  const { id, accountId } = customers.over
  const message = complaintOf(accountId)
  const session = await runtime.start('support-triage', { message, requester: { type: 'user', id } })
  const telling = narrator()
  const after = await tellUntilRest(runtime, session, { telling, after: 0 })
  const { status, openApprovals } = await runtime.result(session)
  const approvalId = openApprovals[0]?.approvalId
  if (status.type === 'blocked' && approvalId !== undefined) {
    await tellQuestion(runtime, approvalId, session)
    await decide(stage, runtime, { ...session, approvalId })
    await tellUntilRest(runtime, session, { telling, after })
  }
  await close()
}

type Telling = { readonly telling: Narrator; readonly after: number }

/** Tells a session until it ends or waits; answers with the last sequence number told. */
async function tellUntilRest(runtime: Runtime, session: SessionName, { telling, after }: Telling): Promise<number> {
  let seq = after
  for await (const item of runtime.watch(session, { after, until: 'rest' })) {
    if (item.type !== 'event') continue
    telling.tell(item)
    seq = item.seq
  }
  return seq
}

const question = z.object({
  tool: z.string(),
  input: z.record(z.string(), z.union([z.string(), z.number()])),
  reason: z.string(),
  message: z.string().optional(),
  ask: z.string().optional(),
  requester: z.object({ id: z.string().optional() }),
  expiresAt: z.number(),
})

/** What is asked of whom, why, and until when. */
async function tellQuestion(runtime: Runtime, approvalId: string, session: SessionName): Promise<void> {
  const rows = await runtime.approvals.list()
  const row = rows.find((each) => each.approvalId === approvalId && each.sessionId === session.sessionId)
  const { tool, input, reason, message, ask, requester, expiresAt } = question.parse(JSON.parse(row?.body ?? '{}'))
  const fields = Object.entries(input).map(([name, value]) => `${name}: ${value}`)
  say('what', `${tool} { ${fields.join(', ')} }`)
  say('whom', `${ask ?? 'a person'}, and not ${requester.id ?? 'who asked'}, who asked for it`)
  say('why', `${reason}: ${message ?? ''}`)
  say('until', `${new Date(expiresAt).toISOString().slice(0, 16).replace('T', ' ')} UTC, then it counts as a no`)
}

type Approval = { readonly sessionId: string; readonly approvalId: string }

async function decide(stage: Stage, runtime: Runtime, approval: Approval): Promise<void> {
  const isApproved = await confirm(`Approve it as ${lead}?`, stage)
  const { approvals } = runtime
  const sent = isApproved
    ? await approvals.approve(approval, lead)
    : await approvals.reject(approval, lead, { reason: 'declined at the terminal' })
  if (sent.type === 'refused') say('refused', sent.message, 'bad')
}
