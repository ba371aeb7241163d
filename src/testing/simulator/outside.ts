/** The world outside: what tools really did. It remembers every start and every effect, whatever the log says. */
import type { Json } from '../../core/index.ts'
import { type AnyTool, type SessionRef, type ToolContext, ToolError } from '../../ports/index.ts'
import { canonicalJson } from '../../runtime/index.ts'
import { checkBegin, checkEffects, checkRepeat } from './outside-checks.ts'
import { keyOf } from './records.ts'
import type { Process } from './scheduler.ts'
import type { World } from './world.ts'

export type Effect = SessionRef & {
  readonly callId: string
  readonly attempt: number
  readonly key: string
  /** Tool and input as text: the same effect under any call id. */
  readonly what: string
  readonly output: unknown
}

export interface Outside {
  /** The tool as one process sees it: delayed, failing before or after its effect, hanging, answering late. */
  simulated(tool: AnyTool, process: Process): AnyTool
  /** What came of a call, for people who go and look. */
  lookUp(ref: SessionRef, callId: string): { readonly output: unknown } | null
  hasBegun(ref: SessionRef, callId: string, attempt: number): boolean
  /** What an attempt's tool has answered, as canonical text. */
  said(ref: SessionRef, callId: string, attempt: number): string | undefined
  /** The end of the world: what the logs claim of effects against what took place. */
  check(): void
}

const LONGEST_MS = 900
/** Longer than any timeout of the simulation with its grace: an answer that comes too late. */
const HANG_MS = 6_000

export function createOutside(world: World): Outside {
  const starts = createStarts(world, (context, tool, input) => ownerOf(world, context, { tool, input }))
  const effects: Effect[] = []
  const answers = new Map<string, string>()
  return {
    lookUp: (ref, callId) => effects.find((effect) => effect.callId === callId && keyOf(effect) === keyOf(ref)) ?? null,
    hasBegun: (ref, callId, attempt) => starts.hasBegun(`${keyOf(ref)}/${callId}/${attempt}`),
    said: (ref, callId, attempt) => answers.get(`${keyOf(ref)}/${callId}/${attempt}`),
    check: () => checkEffects(world, effects),
    simulated: (tool, process) => ({
      ...tool,
      run: async (input: never, context: ToolContext) => {
        starts.begin(tool, input, context)
        const { signal } = context
        const takeEffect = () => land(world, effects, { tool, input, context })
        const output = await perform(world, process, { tool, signal, land: takeEffect })
        // Tools of a simulation answer JSON.
        answers.set(`${keyOf(context)}/${context.callId}/${context.attempt}`, canonicalJson([output as Json]))
        return output
      },
      ...(tool.verify !== undefined && { verify: (key: string) => verify(world, process, { key, effects }) }),
    }),
  }
}

type OwnerOf = (context: ToolContext, tool: AnyTool, input: unknown) => string

/** Who a key belongs to: a call; or a task that is one call, with what it asks, however often it is tried. */
function ownerOf({ records }: World, context: ToolContext, { tool, input }: { tool: AnyTool; input: unknown }): string {
  const record = records.find(context)
  const call = record?.calls.get(context.callId)
  const isTask = call !== undefined && record?.plan.nodes.get(call.taskId)?.task.tool !== undefined
  // Inputs of tools are JSON.
  const asked = isTask ? `${call.taskId}: ${tool.name} ${canonicalJson([(input ?? null) as Json])}` : context.callId
  return `${keyOf(context)}/${asked}`
}

/** Every start of every call, and under which keys. */
function createStarts(world: World, ownerOf: OwnerOf) {
  const begun = new Map<string, number>()
  const owners = new Map<string, string>()
  const keys = new Map<string, string>()
  return {
    hasBegun: (attempt: string) => begun.has(attempt),
    begin: (tool: AnyTool, input: unknown, context: ToolContext) => {
      const call = `${keyOf(context)}/${context.callId}`
      const count = (begun.get(call) ?? 0) + 1
      begun.set(call, count)
      begun.set(`${call}/${context.attempt}`, 1)
      const key = context.idempotencyKey
      const owner = ownerOf(context, tool, input)
      if (!owners.has(key)) owners.set(key, owner)
      if (!keys.has(call)) keys.set(call, key)
      const isOwn = owners.get(key) === owner && keys.get(call) === key
      checkBegin(world, { tool, input, context, count, owner: isOwn ? null : `${owners.get(key)}` })
    },
  }
}

type Landing = { readonly tool: AnyTool; readonly input: unknown; readonly context: ToolContext }

async function land(world: World, effects: Effect[], { tool, input, context }: Landing): Promise<unknown> {
  const { tenant, sessionId, callId, attempt, idempotencyKey: key } = context
  const earlier = effects.find((effect) => effect.key === key)
  if (tool.effect === 'idempotent' && earlier !== undefined) {
    world.mark('an effect that landed was repeated under its key')
    return earlier.output
  }
  const what = `${tool.name} ${JSON.stringify(input)}`
  if (tool.effect === 'unsafe') checkRepeat(world, { tool, context, effects, what })
  // The input was validated by the judge of the runtime under test.
  const output: unknown = await tool.run(input as never, context)
  if (tool.effect !== 'read') effects.push({ tenant, sessionId, callId, attempt, key, what, output })
  return output
}

type Verifying = { readonly key: string; readonly effects: readonly Effect[] }

async function verify({ chance, scheduler, faults }: World, process: Process, { key, effects }: Verifying) {
  await new Promise<void>((resolve) => scheduler.after(chance.below(20), process, resolve))
  if (chance.happens(faults.toolFailsBefore)) return { tookEffect: 'unknown' as const }
  const found = effects.find((effect) => effect.key === key)
  return found === undefined ? { tookEffect: false as const } : { tookEffect: true as const, output: found.output }
}

/** The grace that the simulated runtimes are given. */
export const GRACE_MS = 500

type Performance = { readonly tool: AnyTool; readonly signal: AbortSignal; readonly land: () => Promise<unknown> }

/** What was sent lands outside although its sender is frozen meanwhile; a dead one has cut its connection. */
function perform(world: World, process: Process, { tool, signal, land }: Performance): Promise<unknown> {
  const { chance, scheduler, faults } = world
  const isObedient = chance.happens(0.7)
  const isCertain = chance.happens(0.5)
  const startedAt = scheduler.now
  return new Promise((resolve, reject) => {
    const answer = (settle: () => void) => {
      scheduler.after(0, process, settle)
    }
    const arrive = async () => {
      if (process.isDead) return
      // A well-made tool gives its request a deadline.
      if (scheduler.now - startedAt > (tool.timeoutMs ?? 0) + GRACE_MS)
        return answer(() => reject(new ToolError('simulated: too late', { tookEffect: false })))
      if (chance.happens(faults.toolFailsBefore)) return answer(() => reject(failure(isCertain)))
      const failsAfter = chance.happens(faults.toolFailsAfter)
      const output = await land()
      if (output instanceof ToolError) return answer(() => reject(output))
      answer(() => (failsAfter ? reject(new Error('simulated: it failed after its effect')) : resolve(output)))
    }
    const cancel = scheduler.after(durationMs(world), null, arrive)
    signal.addEventListener('abort', () => {
      if (!isObedient) return
      // What has landed is not taken back.
      const isStopped = cancel()
      if (isStopped) reject(new ToolError(`simulated: ${tool.name} was stopped`, { tookEffect: false }))
    })
  })
}

/** Many end close together: completions that meet are where drivers go wrong. */
function durationMs({ chance, faults }: World): number {
  if (chance.happens(faults.toolHangs)) return chance.happens(0.5) ? HANG_MS : LONGEST_MS + chance.below(GRACE_MS)
  return chance.happens(0.5) ? chance.random() * 6 : chance.random() * LONGEST_MS
}

function failure(isCertain: boolean): Error {
  if (!isCertain) return new Error('simulated: it failed')
  return new ToolError('simulated: nothing happened', { tookEffect: false, retryable: true })
}
