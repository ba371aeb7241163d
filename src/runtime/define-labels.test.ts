import { expect, test } from 'vitest'
import { z } from 'zod'
import { agent, tool } from '../index.ts'
import { scripted } from '../models/scripted.ts'

const read = { name: 'read', description: 'reads', effect: 'read', input: z.object({}), run: () => 1 } as const

test.each([
  [{ trust: 'extern' }, "trust is 'tool' or 'external'; found \"extern\""],
  [{ sensitivity: 'secret' }, "sensitivity is 'public' or 'internal' or 'private'; found \"secret\""],
  [{ effect: 'write' }, "effect is 'read' or 'idempotent' or 'unsafe'; found \"write\""],
  [{ effect: undefined }, "effect is 'read' or 'idempotent' or 'unsafe'; found nothing"],
  [{ repeat: true }, "repeat is 'ask' or 'allow'; found true"],
  [{ egress: 'yes' }, 'egress is true or false; found "yes"'],
  [{ sensitive: ['card/number'] }, 'sensitive lists JSON Pointers such as "/card/number"; found "card/number"'],
  [{ secrets: ['PAY KEY'] }, 'found "PAY KEY"'],
  [{ secrets: ['PAY_KEY.'] }, 'found "PAY_KEY."'],
])('what nobody would look for is refused where the tool is defined, and where an agent takes it: %j', (label, message) => {
  // What JavaScript, or a definition read from JSON, may say.
  const mistyped = { ...read, ...label } as unknown as typeof read
  expect(() => tool(mistyped)).toThrow(message)
  expect(() => agent({ name: 'a', instructions: 'Read.', model: scripted([]), tools: [mistyped] })).toThrow(message)
})
