/** The world outside: what tools really did. It remembers every start and every effect, whatever the log says. */

import { type AnyTool, type ToolContext, ToolError } from '../../ports/index.ts'
import { hashOf } from '../../runtime/index.ts'
import type { Records } from './records.ts'
import type { Process } from './scheduler.ts'
import type { World } from './world.ts'

type Effect = {
  readonly sessionId: string
  readonly callId: string
  readonly key: string
  readonly hash: string
  readonly output: unknown
}

export interface Outside {
  /** The tool as one process sees it: delayed, failing before or after its effect, hanging, answering late. */
  simulated(tool: AnyTool, process: Process): AnyTool
  /** What came of a call, for people who go and look. */
  lookUp(sessionId: string, callId: string): { readonly output: unknown } | null
}

const LONGEST_MS = 900
/** Longer than any timeout of the simulation with its grace: an answer that comes too late. */
const HANG_MS = 6_000

export function createOutside(world: World, records: Records): Outside {
  const starts = new Map<string, number>()
  const effects: Effect[] = []
  const begin = (tool: AnyTool, context: ToolContext) => {
    const key = `${context.sessionId}/${context.callId}`
    const count = (starts.get(key) ?? 0) + 1
    starts.set(key, count)
    checkStart(world, records, { tool, context, count })
  }
  const land = async (tool: AnyTool, input: unknown, context: ToolContext): Promise<unknown> => {
    const earlier = effects.find((effect) => effect.key === context.idempotencyKey)
    if (tool.effect === 'idempotent' && earlier !== undefined) return earlier.output
    const hash = hashOf([tool.name, JSON.stringify(input)])
    if (tool.effect === 'unsafe') checkRepeat(world, records, { tool, context, effects, hash })
    // The input was validated by the judge of the runtime under test.
    const output: unknown = await tool.run(input as never, context)
    effects.push({ sessionId: context.sessionId, callId: context.callId, key: context.idempotencyKey, hash, output })
    return output
  }
  return {
    lookUp: (sessionId, callId) =>
      effects.find((effect) => effect.sessionId === sessionId && effect.callId === callId) ?? null,
    simulated: (tool, process) => ({
      ...tool,
      run: (input: never, context: ToolContext) => {
        begin(tool, context)
        return perform(world, process, { tool, signal: context.signal, land: () => land(tool, input, context) })
      },
      ...(tool.verify !== undefined && {
        verify: async (key: string) => {
          await new Promise<void>((resolve) => world.scheduler.after(world.chance.below(20), process, resolve))
          const found = effects.find((effect) => effect.key === key)
          return found === undefined
            ? { tookEffect: false as const }
            : { tookEffect: true as const, output: found.output }
        },
      }),
    }),
  }
}

/** The grace that the simulated runtimes are given. */
export const GRACE_MS = 500

type Performance = { readonly tool: AnyTool; readonly signal: AbortSignal; readonly land: () => Promise<unknown> }

function perform(world: World, process: Process, { tool, signal, land }: Performance): Promise<unknown> {
  const { chance, scheduler, faults } = world
  return new Promise((resolve, reject) => {
    // Many end close together: completions that meet are where drivers go wrong.
    const delayMs = chance.happens(faults.toolHangs)
      ? HANG_MS
      : chance.happens(0.5)
        ? chance.random() * 6
        : chance.random() * LONGEST_MS
    const obeys = chance.happens(0.7)
    const isCertain = chance.happens(0.5)
    const startedAt = scheduler.now
    const cancel = scheduler.after(delayMs, process, () => {
      // A well-made tool gives its request a deadline: what was frozen meanwhile is refused outside.
      if (scheduler.now - startedAt > (tool.timeoutMs ?? 0) + GRACE_MS)
        return reject(new ToolError('simulated: too late', { tookEffect: false }))
      if (chance.happens(faults.toolFailsBefore)) {
        return reject(
          isCertain
            ? new ToolError('simulated: nothing happened', { tookEffect: false, retryable: true })
            : new Error('simulated: it failed'),
        )
      }
      const failsAfter = chance.happens(faults.toolFailsAfter)
      land().then(
        (output) => (failsAfter ? reject(new Error('simulated: it failed after its effect')) : resolve(output)),
        reject,
      )
    })
    signal.addEventListener('abort', () => {
      if (!obeys) return
      cancel()
      reject(new ToolError(`simulated: ${tool.name} was stopped`, { tookEffect: false }))
    })
  })
}

type Started = { readonly tool: AnyTool; readonly context: ToolContext; readonly count: number }

function checkStart(world: World, records: Records, { tool, context, count }: Started): void {
  const { sessionId, callId, attempt } = context
  const record = records.find(sessionId)
  const call = record?.calls.get(callId)
  const violate = (invariant: string, detail: string) => world.violate({ invariant, detail, sessionId })
  if (call === undefined || !call.started.has(attempt))
    violate('P6 intent before effect', `${callId} attempt ${attempt} ran without an intent in the log`)
  if (call?.isOver === true)
    violate('P4 no start after the outcome', `${callId} began to run after its outcome stood in the log`)
  if (tool.effect === 'unsafe' && count > 1 + (call?.runAgain ?? 0))
    violate('P5 unsafe never twice', `${callId} of ${tool.name} began to run ${count} times`)
}

type Repeated = {
  readonly tool: AnyTool
  readonly context: ToolContext
  readonly effects: readonly Effect[]
  readonly hash: string
}

/** The same effect under another call id needs a person, unless the tool says that it does not. */
function checkRepeat(world: World, records: Records, { tool, context, effects, hash }: Repeated): void {
  const { sessionId, callId } = context
  const earlier = effects.find(
    (effect) => effect.sessionId === sessionId && effect.hash === hash && effect.callId !== callId,
  )
  if (earlier === undefined || tool.repeat === 'allow') return
  const call = records.find(sessionId)?.calls.get(callId)
  if (call?.approvedHashes.has(call.approvalHash) || (call?.runAgain ?? 0) > 0) return
  world.violate({
    invariant: 'P5 the same effect under a new id',
    detail: `${callId} of ${tool.name} repeats ${earlier.callId}, and nobody was asked`,
    sessionId,
  })
}
