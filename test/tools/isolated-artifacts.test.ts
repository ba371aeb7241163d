/** What a tool beside the runtime puts out and reads: artifacts cross as what they are. */
import { createHash } from 'node:crypto'
import { agent } from 'pawl'
import { scripted } from 'pawl/models/scripted'
import { expect, test, vi } from 'vitest'
import { isolated, isolations, runOnce } from './isolated-run.ts'

// Processes start slowly on a machine under load.
vi.setConfig({ testTimeout: 60_000 })

const CHARACTERS = 1_000_000
const hash = createHash('sha256').update('x'.repeat(CHARACTERS)).digest('hex')
const id = hash.slice(0, 16)

test.concurrent.each(
  isolations,
)('in a %s a tool puts out an artifact, and another reads it by its id and its hash', async (isolation) => {
  const tools = [isolated('look', { isolation })]
  const deeds = [
    { deed: 'large', megabytes: 1 },
    { deed: 'reads' },
    { deed: 'reads', name: hash },
    { deed: 'reads', name: 'f'.repeat(16) },
  ]
  const model = scripted([...deeds.map((input) => ({ calls: [{ tool: 'look', input }] })), 'done'])
  const outcomes = await runOnce(agent({ name: 'clerk', instructions: '', model, tools }), {})
  const entries = [{ id, tool: 'look', callId: 'c1', bytes: CHARACTERS }]
  const read = { type: 'ok', output: { entries, hash, characters: CHARACTERS } }
  expect(outcomes).toEqual([
    { type: 'ok', output: expect.objectContaining({ artifact: id, bytes: CHARACTERS, type: 'text' }) },
    read,
    read,
    { type: 'terminal_error', message: expect.stringContaining('this session has no artifact "ffffffffffffffff"') },
  ])
})
