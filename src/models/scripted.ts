/** Models that nobody bills: answers written down beforehand, as data or as a function of the request. */
import { setTimeout as after } from 'node:timers/promises'
import { isOfMemory, type ModelResponse, type Price, ROOT_TASK } from '../core/index.ts'
import { type Model, type ModelRequest, ModelRequestError } from '../ports/index.ts'
import { answer, emit, type ScriptedDecision } from './scripted-answer.ts'

export type { ScriptedCall, ScriptedDecision, ScriptedError } from './scripted-answer.ts'

/** A list is read by the number of the turn, never by a counter in memory: a restarted process goes on where it was. */
export type Script = readonly ScriptedDecision[] | ScriptedAnswer

/** Decides by what is asked; a script that is to go on after a restart must depend on the request alone. */
type ScriptedAnswer = (
  request: ModelRequest,
  moment: { readonly turn: number },
) => ScriptedDecision | Promise<ScriptedDecision>

/** Scripts by what is asked, where several tasks side by side leave no order to count in. Each list is counted by itself. */
export type TaskScripts = {
  /** Plans, the first and those that replace it, as they are asked for: also the ones that are sent back. */
  readonly plan?: Script
  readonly route?: Script
  /** Patches that results are made into, and shorter forms of facts and of turns; JSON, as text. */
  readonly process?: Script
  readonly compress?: Script
  readonly summarize?: Script
  /** The turns of each task's loop, over all its attempts; `root` is the session's own. */
  readonly tasks?: { readonly [taskId: string]: Script }
  /** Every task that is not named. */
  readonly others?: Script
}

export type ScriptedOptions = {
  /** `scripted` by default. */
  readonly id?: string
  /** Nothing by default: a script costs 0, and a cost cap is allowed to start. */
  readonly price?: Price | null
  /** How long every answer takes; without it deltas and answer come at once. */
  readonly delayMs?: number
}

const FREE: Price = { inputMicroUsdPerMTok: 0, outputMicroUsdPerMTok: 0 }

/**
 * A model that follows a script. Turn n gets the n-th decision; a turn past the end of a list fails for good with
 * `script_exhausted`, and a request of memory (a patch, points, a summary) with `script_missing`: no list counts those. Call ids follow from task, turn and index, so that the same script gives the same log. With several tasks side by
 * side, or with such requests, use `scriptedTasks`, or a function of the request.
 */
export function scripted(script: Script, options: ScriptedOptions = {}): Model {
  const { id = 'scripted', price = FREE, delayMs = 0 } = options
  return {
    id,
    price,
    isScripted: true,
    async generate(request, generation) {
      const decision = await decisionOf(script, request, id)
      if (delayMs > 0) await wait(delayMs, generation.signal)
      refuseAborted(generation.signal)
      return answer(decision, request, generation)
    },
  }
}

/**
 * Plays recorded responses back, untouched: turn n gets the n-th. For fixtures that were recorded from a real model.
 * A turn past the end fails for good with `script_exhausted`.
 */
export function recorded(responses: readonly ModelResponse[], options: ScriptedOptions = {}): Model {
  const { id = 'recorded', price = FREE, delayMs = 0 } = options
  return {
    id,
    price,
    isScripted: true,
    async generate(request, generation) {
      const response = responses[request.turn - 1]
      if (response === undefined) throw exhausted(id, request.turn, responses.length)
      if (delayMs > 0) await wait(delayMs, generation.signal)
      refuseAborted(generation.signal)
      return emit(response, generation)
    },
  }
}

/**
 * A model that follows one script for planning, one for routing, and one for each task. The n-th request for a purpose in a task gets
 * the n-th decision of that list, whatever runs beside it and in whichever process (`purposeTurn` of the request, taken from the log).
 * A request that no script is for fails for good with `script_missing`, one past the end of its list with `script_exhausted`.
 */
export function scriptedTasks(scripts: TaskScripts, options: ScriptedOptions = {}): Model {
  const { id = 'scripted' } = options
  return scripted((request) => {
    const { turn, purposeTurn = turn } = request
    const script = scriptFor(scripts, request)
    if (script === undefined) throw missing(id, scripts, request)
    return decisionAt(script, { ...request, turn: purposeTurn }, `${id}, ${placeOf(request)}`)
  }, options)
}

function scriptFor({ tasks = {}, others, ...purposes }: TaskScripts, request: ModelRequest): Script | undefined {
  const { purpose = 'decide', taskId = ROOT_TASK } = request
  if (purpose !== 'decide') return purposes[purpose]
  return Object.hasOwn(tasks, taskId) ? tasks[taskId] : others
}

function placeOf({ purpose = 'decide', taskId = ROOT_TASK }: ModelRequest): string {
  return purpose === 'decide' ? `task "${taskId}"` : purpose
}

function missing(id: string, { tasks = {} }: TaskScripts, request: ModelRequest): ModelRequestError {
  const known = Object.keys(tasks).map((taskId) => `"${taskId}"`)
  const found = known.length > 0 ? known.join(', ') : 'none'
  const message = `${id}: expected a script for ${placeOf(request)}, found none; there are scripts for these tasks: ${found}. Add it to scriptedTasks.`
  return new ModelRequestError('script_missing', message, { retryable: false })
}

/** A list is one of turns: requests of memory stand between them, and their number depends on limits. */
function decisionOf(script: Script, request: ModelRequest, id: string): ScriptedDecision | Promise<ScriptedDecision> {
  const { purpose = 'decide' } = request
  if (typeof script !== 'function' && isOfMemory(purpose)) throw missing(id, {}, request)
  return decisionAt(script, request, id)
}

function decisionAt(script: Script, request: ModelRequest, id: string): ScriptedDecision | Promise<ScriptedDecision> {
  const { turn } = request
  if (typeof script === 'function') return script(request, { turn })
  const decision = script[turn - 1]
  if (decision === undefined) throw exhausted(id, turn, script.length)
  return decision
}

function exhausted(id: string, turn: number, length: number): ModelRequestError {
  const message = `${id}: turn ${turn} was asked for, and the script has ${length} decisions. Add one, or end the script with a decision without calls.`
  return new ModelRequestError('script_exhausted', message, { retryable: false })
}

/** Ends early when the signal is aborted; never throws. */
async function wait(delayMs: number, signal: AbortSignal): Promise<void> {
  await after(delayMs, undefined, { signal }).catch(() => undefined)
}

function refuseAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new ModelRequestError('aborted', 'the request was aborted', { retryable: false })
}
