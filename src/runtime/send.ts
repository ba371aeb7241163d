/** The one door in: commands of people and of programs. */
import type { Command, CommandOf, Handled, Limits, RefusalCode, State } from '../core/index.ts'
import type { Append, SessionRef, Store, UnconditionalAppend, UnconditionallyAppended } from '../ports/index.ts'
import type { StoreClock } from './clock.ts'
import { encodeEvent } from './encode.ts'
import { headChange } from './head-change.ts'
import { foldStored, type Loaded, load } from './load.ts'
import { refuseErasedHead } from './session-erased.ts'
import type { Wiring } from './wiring.ts'

/** What became of a command. `accepted`: it stands in the log at `seq`, also where an earlier try had put it there. */
export type Sent =
  | { readonly type: 'accepted'; readonly sessionId: string; readonly seq: number }
  | { readonly type: 'refused'; readonly sessionId: string; readonly code: RefusalCode; readonly message: string }

/** What people and programs may ask of a session that exists. */
export type SendableCommand = CommandOf<
  'send_message' | 'cancel' | 'vote' | 'answer' | 'edit' | 'settle' | 'extend_budget'
>

/** A command as people write it; an id is made where none is given. */
export type WithoutCommandId<C> = C extends { readonly commandId: string }
  ? Omit<C, 'commandId'> & { readonly commandId?: string }
  : never

export type SendContext = {
  readonly store: Store
  readonly wiring: Wiring
  readonly clock: StoreClock
  readonly limits: Pick<Limits, 'maxSkewMs'>
}

export function sendCommand(context: SendContext, ref: SessionRef, command: SendableCommand): Promise<Sent> {
  if (command.type === 'send_message') return sendUnconditionally(context, ref, messageAppend(command))
  if (command.type === 'cancel') return sendUnconditionally(context, ref, cancelAppend(command))
  return sendConditionally(context, ref, command)
}

type Unconditional = Pick<UnconditionalAppend, 'event' | 'gates' | 'gateAfter' | 'statusAfter' | 'urgent'>

/** Either ends whatever the session was blocked by, and a message its end; only a turn that is to be tried again waits on. */
const statusAfter = { status: 'running', keeps: ['waiting(timer)'] } as const

function messageAppend(command: CommandOf<'send_message'>): Unconditional {
  const event = encodeEvent({ ...command, type: 'message_received' })
  return { event, gates: ['open', 'message'], gateAfter: 'open', statusAfter }
}

/** Urgent, because stopping a session must not need what may have run out. It is said here: a store knows nothing of commands. */
function cancelAppend(command: CommandOf<'cancel'>): Unconditional {
  return { event: encodeEvent({ ...command, type: 'cancel_requested' }), gates: ['open'], statusAfter, urgent: true }
}

/** What needs no state never starves: it is appended whatever the version. */
async function sendUnconditionally({ store }: SendContext, ref: SessionRef, append: Unconditional): Promise<Sent> {
  const appended = await store.appendUnconditionally({ ref, ...append, wake: true })
  if (appended.type === 'refused') refuseErasedHead(await store.head(ref))
  return asSent(ref, append, appended)
}

function asSent(ref: SessionRef, { event }: Unconditional, appended: UnconditionallyAppended): Sent {
  const { sessionId } = ref
  switch (appended.type) {
    case 'appended':
    case 'duplicate':
      return { type: 'accepted', sessionId, seq: appended.seq }
    case 'unknown_session':
      return unknownSession(sessionId)
    case 'refused': {
      const isCancel = event.kind === 'cancel_requested'
      const code = isCancel ? 'session_ended' : 'session_not_reopenable'
      const reopen = appended.gate === 'extend' ? 'extend its budget to reopen it' : 'start a new session'
      const how = isCancel ? 'there is nothing to cancel' : reopen
      return {
        type: 'refused',
        sessionId,
        code,
        message: `expected a session that takes this; ${sessionId} is ${appended.status}: ${how}`,
      }
    }
  }
}

/** What needs state is tried once, then under the head row's lock. */
async function sendConditionally(context: SendContext, ref: SessionRef, command: SendableCommand): Promise<Sent> {
  const { store, wiring, clock } = context
  if ((await store.head(ref)) === null) return unknownSession(ref.sessionId)
  const loaded = await load(store, ref, wiring)
  if (mayHaveExpired(context, loaded.draft.state, command)) return sendLocked(context, ref, { loaded, command })
  const { handled, append } = decide(wiring, { ref, loaded, command }, clock.now())
  if (append === null) return repeatOrRefusal(context, ref, { command, handled })
  const appended = await store.append(append)
  if (appended.type === 'appended' || appended.type === 'duplicate') return acceptedAt(ref, appended, handled)
  return sendLocked(context, ref, { loaded: await load(store, ref, wiring), command })
}

/** Whether an approval has expired is the store's to say: where this clock could be wrong about it, it is asked under the lock. */
function mayHaveExpired({ clock, limits }: SendContext, state: State, command: SendableCommand): boolean {
  const approval = 'approvalId' in command ? state.approvals.get(command.approvalId) : undefined
  return approval?.resolution === null && clock.now() + limits.maxSkewMs >= approval.expiresAt
}

type Deciding = { readonly ref: SessionRef; readonly loaded: Loaded; readonly command: SendableCommand }
type Decided = { readonly handled: Handled; readonly append: Append | null }

/** Folds what would be accepted, so that the head shows it; the state is thrown away afterwards. */
function decide(wiring: Wiring, { ref, loaded, command }: Deciding, storeNow: number): Decided {
  const { draft } = loaded
  const { state } = draft
  const at = Math.max(state.at, storeNow)
  const handled = wiring.handle(state, command, { now: at, fence: 0 })
  if (handled.type === 'refused' || handled.events.length === 0) return { handled, append: null }
  const version = state.seq
  for (const event of handled.events) wiring.reduce(draft, event, at)
  const events = handled.events.map(encodeEvent)
  return {
    handled,
    append: { ref, version, fence: null, events, at: null, head: headChange(state, handled.events), wake: true },
  }
}

async function sendLocked(
  context: SendContext,
  ref: SessionRef,
  { loaded, command }: Omit<Deciding, 'ref'>,
): Promise<Sent> {
  const { store, wiring } = context
  let handled: Handled = { type: 'accepted', events: [] }
  const appended = await store.appendLocked(ref, loaded.draft.state.seq, ({ tail, storeNow }) => {
    foldStored(ref, tail, { loaded, reduce: wiring.reduce })
    const decided = decide(wiring, { ref, loaded, command }, storeNow)
    handled = decided.handled
    return decided.append
  })
  if (appended.type === 'erased') refuseErasedHead(await store.head(ref))
  if (appended.type === 'appended' || appended.type === 'duplicate') return acceptedAt(ref, appended, handled)
  return repeatOrRefusal(context, ref, { command, handled })
}

function acceptedAt(
  { sessionId }: SessionRef,
  appended: { type: 'appended'; version: number } | { type: 'duplicate'; seq: number },
  handled: Handled,
): Sent {
  if (appended.type === 'duplicate') return { type: 'accepted', sessionId, seq: appended.seq }
  const count = handled.type === 'accepted' ? handled.events.length : 1
  return { type: 'accepted', sessionId, seq: appended.version - count + 1 }
}

/** A command that was accepted before is refused now for what it did itself: the log knows its id, and it gets the first answer. */
async function repeatOrRefusal(
  { store }: SendContext,
  ref: SessionRef,
  { command, handled }: { command: Command; handled: Handled },
): Promise<Sent> {
  const { sessionId } = ref
  const commandId = 'commandId' in command ? command.commandId : undefined
  if (commandId !== undefined) {
    for (let after = 0; ; ) {
      const page = await store.read(ref, after, 1_000)
      const found = page.find(({ body }) => body !== null && hasCommandId(body, commandId))
      if (found !== undefined) return { type: 'accepted', sessionId, seq: found.seq }
      const last = page.at(-1)
      if (last === undefined) break
      after = last.seq
    }
  }
  if (handled.type === 'refused') return { type: 'refused', sessionId, code: handled.code, message: handled.message }
  return unknownSession(sessionId)
}

function hasCommandId(body: string, commandId: string): boolean {
  if (!body.includes(JSON.stringify(commandId))) return false
  const parsed: unknown = JSON.parse(body)
  return typeof parsed === 'object' && parsed !== null && 'commandId' in parsed && parsed.commandId === commandId
}

function unknownSession(sessionId: string): Sent {
  return { type: 'refused', sessionId, code: 'unknown_session', message: `no session ${sessionId} for this tenant` }
}
