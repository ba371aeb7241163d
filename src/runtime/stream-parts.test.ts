import { expect, test } from 'vitest'
import { type StreamPart, streamParts } from './stream-parts.ts'
import { anyTool, world } from './world.fixture.ts'

test('a session reads as turns, calls, results and an end, and can be resumed after each', async () => {
  const look = anyTool('look', 'read', () => ({ found: 3 }))
  const script = [{ text: 'I look.', calls: [{ tool: 'look', input: { for: 'x' } }] }, 'Three.']
  const { runtime, start } = world({ script, tools: [look] })
  const sessionId = await start()
  const parts: (StreamPart & { resumeAfter: number })[] = []
  for await (const part of streamParts(runtime.watch({ sessionId }))) parts.push(part)
  expect(parts.map(({ resumeAfter: _, ...part }) => part)).toEqual([
    { type: 'turn_started', turn: 1, attempt: 1 },
    { type: 'text', turn: 1, text: 'I look.' },
    { type: 'tool_call', turn: 1, callId: 'c1', tool: 'look', input: { for: 'x' } },
    { type: 'tool_result', callId: 'c1', outcome: { type: 'ok', output: { found: 3 } } },
    { type: 'turn_started', turn: 2, attempt: 1 },
    { type: 'text', turn: 2, text: 'Three.' },
    { type: 'done', reason: 'final_answer', ending: { type: 'answered' } },
  ])
  const middle = parts[3]?.resumeAfter ?? 0
  const rest: string[] = []
  for await (const part of streamParts(runtime.watch({ sessionId }, { after: middle }))) rest.push(part.type)
  expect(rest).toEqual(['turn_started', 'text', 'done'])
})
