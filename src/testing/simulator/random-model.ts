/** A model that says anything: text, calls, nothing, nonsense; and that uses as many tokens as it was allowed. */
import type { Message, ModelResponse } from '../../core/index.ts'
import { type Model, type ModelRequest, ModelRequestError, type SessionRef } from '../../ports/index.ts'
import { requestKey } from './note.ts'
import { checkFence } from './outside-checks.ts'
import { ROOT, type SessionRecord } from './record.ts'
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
      return model.generate(request, options)
    },
  }
}

/** A message says whose it is, so that a prompt does. */
export function messageText(tenant: string, sessionId: string, text: string): string {
  return `[${tenant}/${sessionId}] ${text}`
}

type Asked = Pick<ModelRequest, 'turn' | 'attempt' | 'messages' | 'purpose' | 'taskId'>

const tags = /\[([^/\]\s]+)\/(s\d+)\] /g

/** Whose prompt it is, by what it says; undefined: it does not say. */
export function ownersOf(messages: readonly Message[]): readonly (SessionRef & { readonly tag: string })[] {
  const texts = messages.flatMap((message) => (message.role === 'user' ? [message.text] : []))
  return texts.flatMap((text) =>
    [...text.matchAll(tags)].map(([tag, tenant = '', sessionId = '']) => ({ tag, tenant, sessionId })),
  )
}

function checkRequest(world: World, asked: Asked): void {
  const { records, violate } = world
  const { turn, attempt, messages, purpose = 'decide', taskId = ROOT } = asked
  const [owner, ...others] = ownersOf(messages)
  if (owner === undefined) return
  const record = records.find(owner)
  if (others.some(({ tag }) => tag !== owner.tag))
    violate(owner, 'P15 no tenant reads another', 'a prompt holds a message of another session')
  const request = requestKey({ taskId, turn, attempt })
  if (record === undefined || !record.requests.has(request))
    return violate(owner, 'P6 intent before effect', `the model was asked for ${request} without an intent in the log`)
  if (record.asked.has(request)) violate(owner, 'P6 one request an intent', `the model was asked for ${request} again`)
  record.asked.add(request)
  const underWay = record.asking.get(taskId)
  if (underWay?.turn === turn && underWay.attempt === attempt)
    checkFence(world, owner, { what: `request ${request}`, fence: underWay.fence })
  // A task, a planner and a router are told of their own work.
  if (purpose !== 'decide' || taskId !== ROOT) return
  const users = messages.flatMap((message) => (message.role === 'user' ? [message.text] : []))
  const missing = unshown(record, request, users)
  if (missing !== undefined) violate(owner, 'P1 what people said is shown', `${request} does not show "${missing}"`)
}

/** A message that stood in the log when the request was decided, and that the prompt does not hold. */
function unshown(record: SessionRecord, request: string, users: readonly string[]): string | undefined {
  const contextSeq = record.requests.get(request) ?? 0
  const shown = new Set(users)
  return record.said.find(({ seq, text }) => seq <= contextSeq && !shown.has(text))?.text
}
