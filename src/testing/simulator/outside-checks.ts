/** What must hold of effects: at their start, when they land, and at the end of the world. */
import type { Json, LogEvent } from '../../core/index.ts'
import type { AnyTool, SessionRef, ToolContext } from '../../ports/index.ts'
import { canonicalJson } from '../../runtime/index.ts'
import { artifactTools } from './artifact-checks.ts'
import type { Effect, Outside } from './outside.ts'
import { storeNow } from './process.ts'
import type { SessionRecord } from './record.ts'
import { keyOf } from './records.ts'
import type { World } from './world.ts'

export type Begun = {
  readonly tool: AnyTool
  readonly input: unknown
  readonly context: ToolContext
  /** Which start of this call it is. */
  readonly count: number
  /** The call that used this key first; null where the key is the call's own, and was so from its first attempt. */
  readonly owner: string | null
}

/** A start follows its intent, is the call's only one where it must be, and runs what was judged under the call's own key. */
export function checkBegin(world: World, { tool, input, context, count, owner }: Begun): void {
  const { records, violate } = world
  const { callId, attempt } = context
  const record = records.find(context)
  const call = record?.calls.get(callId)
  const violates = (invariant: string, detail: string) => violate(context, invariant, detail)
  if (record === undefined || call === undefined || !call.started.has(attempt))
    return violates('P6 intent before effect', `${callId} attempt ${attempt} ran without an intent in the log`)
  checkMoment(world, record, { tool, context })
  if (call.isOver)
    violates('P4 no start after the outcome', `${callId} began to run after its outcome stood in the log`)
  if (tool.effect === 'unsafe' && count > 1 + call.runAgain)
    violates('P5 unsafe never twice', `${callId} of ${tool.name} began to run ${count} times`)
  if (call.injected !== undefined && !isSame(input, call.injected))
    violates(
      'plans: what is put in is the result of the version’s own task',
      `${callId} ran with ${JSON.stringify(input)}, not ${JSON.stringify(call.injected)}`,
    )
  else if (!isSame(input, call.input))
    violates('P7 what runs is what was judged', `${callId} ran with ${JSON.stringify(input)}`)
  if (owner !== null) violates('P5 one call, one key', `${callId} attempt ${attempt} runs under a key of ${owner}`)
}

function isSame(one: unknown, other: unknown): boolean {
  // Inputs of tools are JSON.
  return canonicalJson([(one ?? null) as Json]) === canonicalJson([(other ?? null) as Json])
}

/** Nothing begins for who has lost the session, and nothing `unsafe` when others may take it for lost. */
function checkMoment(world: World, record: SessionRecord, { tool, context }: Pick<Begun, 'tool' | 'context'>): void {
  const { callId, attempt, startBy } = context
  const intent = record.log.findLast(
    ({ event }) => event.type === 'call_started' && event.callId === callId && event.attempt === attempt,
  )
  if (intent?.event.type === 'call_started')
    checkFence(world, record, { what: `${callId} attempt ${attempt}`, fence: intent.event.fence })
  const lateMs = storeNow(world) - startBy
  if (tool.effect !== 'unsafe' || lateMs <= 0) return
  world.violate(context, 'P5 no unsafe start after its startBy', `${callId} began ${lateMs} ms after it`)
}

type UnderFence = { readonly what: string; readonly fence: number }

/** Of calls and of requests to models: whoever starts one holds the session. */
export function checkFence({ fences, violate }: World, ref: SessionRef, { what, fence }: UnderFence): void {
  const newest = fences.get(keyOf(ref)) ?? 0
  if (fence < newest)
    violate(ref, 'P3 an old fence starts nothing', `${what} of fence ${fence}, and ${newest} holds it`)
}

export type Landing = {
  readonly tool: AnyTool
  readonly context: ToolContext
  readonly effects: readonly Effect[]
  readonly what: string
}

/** The same effect under another call id needs a person, unless the tool says that it does not. */
export function checkRepeat({ records, violate }: World, { tool, context, effects, what }: Landing): void {
  const { callId } = context
  const earlier = effects.find((each) => each.what === what && each.callId !== callId && isOf(each, context))
  if (earlier === undefined || tool.repeat === 'allow') return
  const record = records.find(context)
  // Whoever looked before it landed was wrong; the runtime takes the word of people.
  const isDenied = record?.log.some(
    ({ event }) =>
      event.type === 'call_settled' && event.callId === earlier.callId && event.settlement === 'did_not_take_effect',
  )
  if (isDenied) return
  const call = record?.calls.get(callId)
  const isApproved = call?.approvedHashes.has(call.approvalHash) === true
  const wasTold = [...(call?.approvedReasons ?? [])].some((reason) => reason.startsWith('repeats '))
  if ((isApproved && wasTold) || (call?.runAgain ?? 0) > 0) return
  violate(
    context,
    'P5 the same effect under a new id',
    `${callId} of ${tool.name} repeats ${earlier.callId}, and nobody was asked about that`,
  )
}

/** What a log calls certain has not taken place. */
export function checkEffects({ records, violate }: World, effects: readonly Effect[]): void {
  for (const record of records.all()) {
    for (const { event } of record.log) {
      if (event.type !== 'call_finished' || event.tookEffect !== false) continue
      const { callId, attempt } = event
      // Of an attempt that never began it is said of the call as a whole.
      const isWhole = record.calls.get(callId)?.started.has(attempt) === false
      const effect = effects.find(
        (each) => each.callId === callId && (isWhole || each.attempt === attempt) && isOf(each, record),
      )
      if (effect === undefined) continue
      violate(record, 'P4 certain that nothing took effect', `${callId} attempt ${attempt} took effect outside`)
    }
  }
}

function isOf(effect: Effect, ref: SessionRef): boolean {
  return keyOf(effect) === keyOf(ref)
}

type Seen = { readonly record: SessionRecord; readonly logEvent: LogEvent }

/** What a log calls the answer of a tool is what the tool has answered. */
export function checkOutcome({ violate }: World, outside: Outside, { record, logEvent: { event } }: Seen): void {
  if (event.type !== 'call_finished' || event.outcome.type !== 'ok') return
  const { callId, attempt, outcome } = event
  const call = record.calls.get(callId)
  if (call?.started.has(attempt) !== true || event.artifact !== undefined || artifactTools.has(call.tool)) return
  const found = outside.lookUp(record, callId)
  // Tools of a simulation answer JSON.
  const said =
    event.verified === true ? found && canonicalJson([found.output as Json]) : outside.said(record, callId, attempt)
  if (said === canonicalJson([outcome.output])) return
  violate(record, 'P4 the outcome is what the tool said', `${callId} attempt ${attempt}: ${JSON.stringify(outcome)}`)
}
