/** An agent that a stranger can direct, with a secret that nobody gives it: what `pawl doctor` has to name. */
import { agent, secretsFrom, tool } from 'pawl'
import { defineConfig } from 'pawl/cli'
import { scripted } from 'pawl/models/scripted'
import { open } from 'pawl/policies'
import { z } from 'zod'

const readMail = tool({
  name: 'read_mail',
  description: 'Reads a mail of a stranger.',
  effect: 'read',
  trust: 'external',
  input: z.object({}),
  run: () => 'Hello.',
})

const lookupAccount = tool({
  name: 'lookup_account',
  description: 'Looks an account up.',
  effect: 'read',
  sensitivity: 'private',
  secrets: ['LEDGER_KEY'],
  input: z.object({}),
  run: () => ({ charges: 2 }),
})

const sendReply = tool({
  name: 'send_reply',
  description: 'Answers a mail.',
  effect: 'idempotent',
  secrets: ['MAIL_KEY'],
  input: z.object({}),
  run: () => 'sent',
})

export const config = defineConfig({
  secrets: secretsFrom({ LEDGER_KEY: 'a key that is there' }),
  agents: [
    agent({
      name: 'desk',
      instructions: 'Answer mails.',
      tools: [readMail, lookupAccount, sendReply],
      policies: [open('send_reply')],
      model: scripted(['Done.']),
    }),
  ],
})
