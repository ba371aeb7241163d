/** A configuration of the command line whose tools take their worker with them, each in its own way. */
import { appendFileSync } from 'node:fs'
import { agent, tool } from 'pawl'
import { defineConfig } from 'pawl/cli'
import { scripted } from 'pawl/models/scripted'
import { open } from 'pawl/policies'
import { z } from 'zod'

const TIMEOUT_MS = 100

/** Each adds a line to the file that the session names, and then ends the process. */
const deadly = {
  exits: () => process.exit(7),
  aborts: () => process.abort(),
  leaks: () => {
    void Promise.reject(new Error('leaked by a tool'))
    return new Promise<never>(() => {})
  },
  listens: (signal: AbortSignal) => {
    signal.addEventListener('abort', () => {
      throw new Error('thrown by a listener of a tool')
    })
    return new Promise<never>(() => {})
  },
} as const

const input = z.object({ file: z.string() })
const deaths = Object.entries(deadly).map(([name, die]) =>
  tool({
    name,
    description: `It ${name}.`,
    effect: 'read',
    timeoutMs: TIMEOUT_MS,
    input,
    run: ({ file }, { signal }) => {
      appendFileSync(file, `${name}\n`)
      return die(signal)
    },
  }),
)
const pays = tool({
  name: 'pays',
  description: 'Pays, and exits.',
  effect: 'unsafe',
  input,
  run: ({ file }): never => {
    appendFileSync(file, 'pays\n')
    process.exit(7)
  },
})

export const config = defineConfig({
  limits: { graceMs: 200, noticeMs: 50 },
  agents: [
    agent({
      name: 'deadly',
      instructions: 'Die.',
      model: scripted(({ messages }, { turn }) => {
        const said = messages.find((message) => message.role === 'user')
        const [name = '', file = ''] = said?.text.split(' ') ?? []
        return turn === 1 && name !== 'calm' ? { calls: [{ tool: name, input: { file } }] } : 'done'
      }),
      tools: [...deaths, pays],
      policies: [open('pays')],
    }),
  ],
})
