import { createRuntime, type Model, type ModelRequest } from 'pawl'
import { memoryStore } from 'pawl/stores/memory'
import { expect, onTestFinished, test } from 'vitest'
import { chargeAudit } from './agent.ts'
import { scriptedAuditor } from './model.ts'
import { chargesOf, duplicatesIn } from './register.ts'

function watched(): { readonly model: Model; readonly shown: string[] } {
  const model = scriptedAuditor()
  const shown: string[] = []
  const generate: Model['generate'] = (request: ModelRequest, options) => {
    shown.push(JSON.stringify(request.messages))
    return model.generate(request, options)
  }
  return { model: { ...model, generate }, shown }
}

test('the audit finds both, and no prompt holds the rows', async () => {
  const { model, shown } = watched()
  const runtime = createRuntime({ store: memoryStore(), agents: [chargeAudit({ model })] })
  onTestFinished(() => runtime.stop())
  const session = await runtime.start('charge-audit', { message: 'Who was charged twice in October 2026?' })
  const { text, status } = await runtime.result(session)
  expect(status.type).toBe('done')
  // Rows 1203 and 2749 have a twin: customers 1203 mod 977 and 2749 mod 977.
  expect(text).toContain('cust_226 and cust_795')
  expect(shown.length).toBe(3)
  expect(shown.at(-1)).toContain('charged_twice.cust_226')
  expect(shown.at(-1)).toContain('Which of these has been refunded already?')
  expect(shown.at(-1)).toContain('ch_202610_1204')
  // A row that nobody has asked for.
  for (const prompt of shown) expect(prompt).not.toContain('ch_202610_0042')
  expect(Math.max(...shown.map(({ length }) => length))).toBeLessThan(6_000)
})

test('the register has two customers who were charged twice, and is always the same', () => {
  expect(duplicatesIn(chargesOf('2026-10'))).toEqual([
    { customer: 'cust_226', usd: 56, chargeIds: ['ch_202610_1203', 'ch_202610_1204'] },
    { customer: 'cust_795', usd: 78, chargeIds: ['ch_202610_2749', 'ch_202610_2751'] },
  ])
})
