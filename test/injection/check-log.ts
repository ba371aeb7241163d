/** The same question asked of the log alone: did every write that began have a verdict that allows it, or an approval of its hash? */
import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Json, JsonObject, LogEvent } from 'pawl'
import type { PlanTask } from 'pawl/core'
import { type Effect, SESSION } from './desk.ts'

type Judged = { readonly verdict: string; readonly policyHash: string; readonly input?: Json }

/** Sentences about what is wrong; none where all is well. */
export function problemsOfLog(log: readonly LogEvent[], effects: readonly Effect[]): readonly string[] {
  const proposed = inputsOf(log)
  const judged = new Map<string, Judged>()
  const approved = new Set<string>()
  const asked = new Map<string, string>()
  const begun = new Map<string, Json>()
  const problems: string[] = []
  for (const { seq, event } of log) {
    if (event.type === 'approval_requested') asked.set(event.approvalId, event.hash)
    if (event.type === 'approval_resolved' && event.resolution === 'approved')
      approved.add(asked.get(event.approvalId) ?? 'none')
    if (event.type === 'call_judged' && event.judgement.type === 'verdict') {
      const { verdict, terms, input } = event.judgement
      const repeats = event.raised?.type === 'require_approval' ? 'require_approval' : verdict.type
      judged.set(event.callId, {
        verdict: repeats,
        policyHash: terms.policyHash,
        ...(input !== undefined && { input }),
      })
    }
    if (event.type !== 'call_started') continue
    const { callId } = event
    const known = judged.get(callId)
    const call = proposed.get(callId)
    if (known === undefined || call === undefined) {
      problems.push(`event ${seq}: ${callId} started without a verdict`)
      continue
    }
    const input = known.input ?? call.input
    begun.set(callId, input)
    const hash = hashOf([SESSION, callId, call.tool, input, known.policyHash])
    if (known.verdict !== 'allow' && !approved.has(hash))
      problems.push(`event ${seq}: ${callId} started on ${known.verdict}, and nobody approved ${hash.slice(0, 12)}`)
  }
  return [...problems, ...effects.flatMap((effect) => problemOfEffect(effect, begun))]
}

/** What happened is what began: the same call, the same input. */
function problemOfEffect({ callId, label, input }: Effect, begun: ReadonlyMap<string, Json>): readonly string[] {
  const logged = begun.get(callId)
  if (logged === undefined) return [`${label} happened for ${callId}, which the log never started`]
  if (canonicalize(logged) === canonicalize(input)) return []
  return [`${label} happened for ${callId} with another input than the log has`]
}

type Proposed = { readonly tool: string; readonly input: Json }

/** Call ids belong to the call parts of the answer in front of their decision, in its order. */
function inputsOf(log: readonly LogEvent[]): ReadonlyMap<string, Proposed> {
  const inputs = new Map<string, Proposed>()
  const planned = callsOfTasks(log)
  let parts: readonly Proposed[] = []
  for (const { event } of log) {
    if (event.type === 'task_started' && event.callId !== undefined) {
      const call = planned.get(event.callId)
      if (call !== undefined) inputs.set(event.callId, call)
    }
    if (event.type === 'model_responded') {
      parts = event.response.parts.flatMap((part) => {
        if (part.type === 'call') return [{ tool: part.tool, input: part.input }]
        return part.type === 'invalid_call' ? [{ tool: part.tool, input: null }] : []
      })
    }
    if (event.type !== 'decision_recorded') continue
    for (const [index, callId] of event.callIds.entries()) {
      const part = parts[index]
      if (part !== undefined) inputs.set(callId, part)
    }
  }
  return inputs
}

/** What a task's own call is: its tool, and its input with what other tasks' calls have brought. */
function callsOfTasks(log: readonly LogEvent[]): ReadonlyMap<string, Proposed> {
  const tasks = new Map<string, Pick<PlanTask, 'tool' | 'input'>>()
  const taskOf = new Map<string, string>()
  const results = new Map<string, Json>()
  const calls = new Map<string, Proposed>()
  for (const { event } of log) {
    if (event.type === 'plan_proposed') for (const task of event.tasks) tasks.set(task.id, task)
    if (event.type === 'call_finished' && event.outcome.type === 'ok')
      results.set(taskOf.get(event.callId) ?? '', event.outcome.output)
    if (event.type !== 'task_started' || event.callId === undefined) continue
    const { tool = '', input = {} } = tasks.get(event.taskId) ?? {}
    taskOf.set(event.callId, event.taskId)
    calls.set(event.callId, { tool, input: filled(input, results) })
  }
  return calls
}

function filled(input: Json, results: ReadonlyMap<string, Json>): Json {
  if (typeof input !== 'object' || input === null) return input
  if (Array.isArray(input)) return input.map((part) => filled(part, results))
  const { $from, path } = input as { readonly [key: string]: Json }
  if (typeof $from !== 'string')
    return Object.fromEntries(Object.entries(input).map(([key, part]) => [key, filled(part, results)]))
  const keys = typeof path === 'string' ? path.split('/').slice(1) : []
  // The scripts refer to members of objects, by plain names.
  return keys.reduce<Json>((value, key) => (value as JsonObject)[key] ?? null, results.get($from) ?? null)
}

function hashOf(value: Json): string {
  return createHash('sha256')
    .update(canonicalize(value) ?? '')
    .digest('hex')
}
