import type { Json } from 'pawl/core'
import { describe, expect, test } from 'vitest'
import { loadRetail, type RetailWorld } from './load-retail.ts'
import { copyRetailDb } from './retail-db.ts'
import { retailTools } from './retail-tools.ts'
import { stateSha256 } from './state-sha256.ts'

const retail = loadRetail()

describe.skipIf(retail === undefined)('tau-bench-retail, the tools that read', () => {
  test('real input: every user is found by email, upper and lower case alike', () => {
    for (const [userId, { email }] of Object.entries(loaded().db.users)) {
      expect(call('find_user_id_by_email', { email })).toBe(userId)
      expect(call('find_user_id_by_email', { email: email.toUpperCase() })).toBe(userId)
    }
  })

  test('real input: every user is found by name and zip code', () => {
    for (const [userId, { name, address }] of Object.entries(loaded().db.users)) {
      expect(call('find_user_id_by_name_zip', { ...name, zip: address.zip })).toBe(userId)
      expect(call('find_user_id_by_name_zip', { ...name, zip: `${address.zip}0` })).toBe('Error: user not found')
    }
  })

  test('real input: the user of every task is the owner of the orders it calls for', () => {
    for (const { userId, actions } of loaded().tasks) {
      const { orders } = parsed(call('get_user_details', { user_id: userId }))
      for (const { arguments: input } of actions) expect(orders).toContain(parsed(JSON.stringify(input))['order_id'])
    }
  })

  test.each([
    ['get_order_details', 'order_id', 'orders', 1000],
    ['get_product_details', 'product_id', 'products', 50],
    ['get_user_details', 'user_id', 'users', 500],
  ] as const)('real input: %s gives the record of every %s', (name, field, table, count) => {
    const records = Object.entries(loaded().db[table])
    expect(records.length).toBe(count)
    for (const [id, record] of records) expect(parsed(call(name, { [field]: id }))).toEqual(record)
  })

  test('real input: the details of an order are written as the recorded outputs are', () => {
    const { db, tasks } = loaded()
    const recorded = tasks.flatMap(({ actions }) => actions).find(({ name }) => name === 'cancel_pending_order')
    const order = parsed(recorded?.output ?? '')
    const state = copyRetailDb(db)
    tool('cancel_pending_order').run(state, recorded?.arguments ?? null)
    expect(tool('get_order_details').run(state, { order_id: order['order_id'] ?? null })).toBe(recorded?.output)
  })

  test('real input: the fifty product types are listed by name, each with its id', () => {
    const { products } = loaded().db
    const listed = Object.entries(parsed(call('list_all_product_types', {})))
    expect(listed.map(([name]) => name)).toEqual(
      Object.values(products)
        .map(({ name }) => name)
        .sort(),
    )
    expect(listed.map(([, id]) => products[String(id)]?.name)).toEqual(listed.map(([name]) => name))
    expect(listed.length).toBe(50)
  })

  test('real input: the prices of the items of every order add up to its first payment', () => {
    for (const { items, payment_history } of Object.values(loaded().db.orders)) {
      const expression = items.map(({ price }) => price).join(' + ')
      expect(Number(call('calculate', { expression }))).toBe(payment_history[0]?.amount)
    }
  })

  test('real input: no tool that reads changes the state, not even the frozen one', () => {
    const { db, tools } = loaded()
    const before = stateSha256(db)
    for (const { name, writes } of tools) if (!writes) call(name, anyInput(name))
    expect(call('think', { thought: 'two orders' })).toBe('')
    expect(call('transfer_to_human_agents', { summary: 'wants a person' })).toBe('Transfer successful')
    expect(stateSha256(db)).toBe(before)
  })
})

describe.skipIf(retail === undefined)('tau-bench-retail, the specifications', () => {
  test('real input: the sixteen tools are those of retail.tools.json, in its order', () => {
    expect(retailTools.map(({ name }) => name)).toEqual(loaded().tools.map(({ name }) => name))
    expect(retailTools.length).toBe(16)
  })

  test('real input: a tool asks for exactly the fields that its specification requires, of the same type', () => {
    for (const { name, parameters } of loaded().tools) {
      const { properties, required } = schemaOf(parameters)
      expect(Object.keys(properties).sort()).toEqual(required.toSorted())
      expect(call(name, anyInput(name))).not.toContain('must be')
      for (const field of required) {
        const kind = properties[field]?.type === 'array' ? 'an array of strings' : 'a string'
        expect(call(name, { ...anyInput(name), [field]: 7 })).toBe(`Error: ${field} must be ${kind}`)
        expect(call(name, { ...anyInput(name), [field]: [7] })).toBe(`Error: ${field} must be ${kind}`)
      }
    }
  })

  test('real input: an id that no table has is not found, inherited names included', () => {
    for (const { name, parameters } of loaded().tools) {
      const { required } = schemaOf(parameters)
      const id = required.find((field) => ['order_id', 'product_id', 'user_id'].includes(field))
      if (id === undefined) continue
      for (const unknown of ['#W0000000', 'constructor', '__proto__'])
        expect(call(name, { ...anyInput(name), [id]: unknown })).toBe(`Error: ${id.replace('_id', '')} not found`)
    }
    expect(call('find_user_id_by_email', { email: '' })).toBe('Error: user not found')
  })
})

type Schema = {
  readonly properties: Readonly<Record<string, { readonly type: string }>>
  readonly required: readonly string[]
}

function schemaOf(parameters: Json): Schema {
  // All sixteen specifications are JSON schemas of an object.
  return parameters as unknown as Schema
}

/** An input of the right shape, with "x" for every string. */
function anyInput(name: string): Readonly<Record<string, Json>> {
  const spec = loaded().tools.find((candidate) => candidate.name === name)
  const properties = Object.entries(schemaOf(spec?.parameters ?? {}).properties)
  return Object.fromEntries(properties.map(([field, { type }]) => [field, type === 'array' ? ['x'] : 'x']))
}

function call(name: string, input: Json): string {
  return tool(name).run(loaded().db, input)
}

function tool(name: string): RetailWorld['tools'][number] {
  const found = loaded().tools.find((candidate) => candidate.name === name)
  if (found === undefined) throw new Error(`expected the tool ${name}, found none`)
  return found
}

function parsed(output: string): Readonly<Record<string, Json>> {
  return JSON.parse(output)
}

function loaded(): RetailWorld {
  if (retail === undefined) throw new Error('expected the folder tau-bench-retail, found none')
  return retail
}
