/** A model that says anything: text, calls, nothing, nonsense; and that uses as many tokens as it was allowed. */

import type { Message, ModelResponse } from '../../core/index.ts'
import { type Model, type ModelRequest, ModelRequestError, type SessionRef } from '../../ports/index.ts'
import { artifactTools } from './artifact-checks.ts'
import { checkPrompt } from './check-memory-prompt.ts'
import { largeTools, type MemoryShape, RAW } from './memory-shape.ts'
import { checkFence } from './outside-checks.ts'
import { ROOT, type SessionRecord } from './record.ts'
import { requestKey } from './request-key.ts'
import type { World } from './world.ts'

export function randomModel({ chance, shape }: World): Model {
  return {
    id: 'simulated',
    price: { inputMicroUsdPerMTok: 1_000_000, outputMicroUsdPerMTok: 2_000_000 },
    isScripted: true,
    generate: async (request) => {
      const most = request.maxOutputTokens
      const usage = { inputTokens: 1, outputTokens: most - (chance.happens(0.5) ? 0 : chance.below(most)) }
      const count = chance.happens(shape.ends) ? 0 : 1 + chance.below(shape.callsAtMost)
      const parts: ModelResponse['parts'] = [
        ...(count === 0 && !chance.happens(0.05) ? [{ type: 'text' as const, text: 'done' }] : []),
        ...Array.from({ length: count }, (_, index) => ({
          type: 'call' as const,
          providerCallId: chance.happens(0.1) ? 'same' : `p${request.turn}-${index}`,
          tool: chance.among(shape.tools) ?? 'nothing',
          input: chance.happens(0.05) ? 'nonsense' : { amount: 1 + chance.below(5) },
        })),
      ]
      return { parts, finish: count > 0 ? 'tool_calls' : 'stop', usage: chance.happens(0.1) ? null : usage }
    },
  }
}

/** What an overloaded model says when it wants to be left alone for a while. */
export const WAIT_WANTED = ', wait'
export const WAIT_WANTED_MS = 400

/** A model behind a network: slow, failing, cut. What it is asked is checked against the log. */
export function behindNetwork(world: World, model: Model, wait: (delayMs: number) => Promise<void>): Model {
  return {
    ...model,
    generate: async (request, options) => {
      const { chance, faults } = world
      checkRequest(world, request)
      await wait(chance.happens(0.05) ? 3_000 : chance.random() * 300)
      if (chance.happens(faults.modelFails)) {
        const retryAfterMs = chance.happens(0.3) ? WAIT_WANTED_MS : undefined
        const message = `simulated: overloaded${retryAfterMs === undefined ? '' : WAIT_WANTED}`
        throw new ModelRequestError('http_503', message, {
          retryable: chance.happens(0.9),
          status: 503,
          ...(retryAfterMs && { retryAfterMs }),
        })
      }
      const answering = model.generate(request, options)
      // Noted beside it, so that the answer comes no sooner and no later.
      answering.then(
        (answer) => noteUsage(world, request, answer),
        () => {},
      )
      return answering
    },
  }
}

function noteUsage({ records }: World, request: ModelRequest, { usage }: ModelResponse): void {
  const [owner] = ownersOf(request.messages)
  const { purpose = 'decide', taskId = ROOT, turn, attempt } = request
  if (owner !== undefined) records.find(owner)?.used.set(requestKey({ taskId, purpose, turn, attempt }), usage)
}

/** A message says whose it is, so that a prompt does. */
export function messageText(tenant: string, sessionId: string, text: string): string {
  return `[${tenant}/${sessionId}] ${text}`
}

type Owned = SessionRef & { readonly tag: string }

const tags = /\[([^/[\]\s]+)\/(s\d+)\] /g

/** Whose prompt it is, by what it says; undefined: it does not say. */
export function ownersOf(messages: readonly Message[]): readonly Owned[] {
  return messages.flatMap((message) => (message.role === 'user' ? tagsIn(message.text) : []))
}

export function tagsIn(text: string): readonly Owned[] {
  return [...text.matchAll(tags)].map(([tag, tenant = '', sessionId = '']) => ({ tag, tenant, sessionId }))
}

function checkRequest(world: World, asked: ModelRequest): void {
  const { records, violate } = world
  const { turn, attempt, messages, purpose = 'decide', taskId = ROOT } = asked
  const [owner, ...others] = ownersOf(messages)
  if (owner === undefined) return
  const record = records.find(owner)
  if (others.some(({ tag }) => tag !== owner.tag))
    violate(owner, 'P15 no tenant reads another', 'a prompt holds a message of another session')
  const request = requestKey({ taskId, purpose, turn, attempt })
  if (record === undefined || !record.requests.has(request))
    return violate(owner, 'P6 intent before effect', `the model was asked for ${request} without an intent in the log`)
  if (record.asked.has(request)) violate(owner, 'P6 one request an intent', `the model was asked for ${request} again`)
  record.asked.add(request)
  const underWay = record.asking.get(taskId)
  if (underWay?.purpose === purpose && underWay.attempt === attempt)
    checkFence(world, owner, { what: `request ${request}`, fence: underWay.fence })
  if (world.shape.memory !== null) checkRemembered(world, record, { memory: world.shape.memory, request, asked })
  // A task, a planner and a router are told of their own work.
  if (purpose !== 'decide' || taskId !== ROOT) return
  const users = messages.flatMap((message) => (message.role === 'user' ? [message.text] : []))
  const missing = unshown(record, request, users)
  if (missing !== undefined) violate(owner, 'P1 what people said is shown', `${request} does not show "${missing}"`)
}

/** A message that stood in the log when the request was decided, that has not left the prompt, and that it does not hold. */
function unshown(record: SessionRecord, request: string, users: readonly string[]): string | undefined {
  const contextSeq = record.requests.get(request) ?? 0
  const { throughSeq = 0, seq: cutSeq = 0, cutCharacters = null } = record.memory.compactions.get(ROOT) ?? {}
  const said = record.said.filter(({ seq }) => seq <= contextSeq)
  const due = said.filter((each) => each.seq > throughSeq || each === said.at(-1))
  const shown = new Set(users)
  // What is cut still begins as it did.
  const isCut = ({ seq, text }: { readonly seq: number; readonly text: string }) =>
    cutCharacters !== null && seq <= cutSeq && users.some((user) => user.startsWith(text.slice(0, CUT_BEGINNING)))
  return due.find((each) => !shown.has(each.text) && !isCut(each))?.text
}

const CUT_BEGINNING = 100

type Remembered = { readonly memory: MemoryShape; readonly request: string; readonly asked: ModelRequest }

function checkRemembered(world: World, record: SessionRecord, { memory, request, asked }: Remembered): void {
  const { purpose = 'decide', taskId = ROOT, messages } = asked
  const text = JSON.stringify(messages)
  const stranger = tagsIn(text).find(
    ({ tenant, sessionId }) => tenant !== record.tenant || sessionId !== record.sessionId,
  )
  if (stranger !== undefined)
    world.violate(record, 'P15 no tenant reads another', `a prompt holds an output of ${stranger.tag}`)
  if (purpose === 'summarize') record.memory.summarized.set(taskId, text)
  if (purpose !== 'decide') return
  const contextSeq = record.requests.get(request) ?? 0
  // What a model reads of an artifact by itself it is shown: no processor of these worlds names the tools that read.
  const processes = (tool: string) =>
    memory.processor !== 'none' &&
    !artifactTools.has(tool) &&
    (memory.processesAll || largeTools.some((each) => each === tool))
  for (const { invariant, detail } of checkPrompt(record, { request: asked, contextSeq, raw: RAW, processes }))
    world.violate(record, invariant, detail)
}
