/** The work of a customer desk, one errand after the other: what is looked up and what it answers have the sizes of a real shop's. */
import type { Json, JsonObject } from 'pawl/core'
import { retailWorld } from '../../test/retail/retail-world.ts'
import { isJsonObject } from '../../test/worlds/json.ts'

export type DeskCall = { readonly tool: string; readonly input: JsonObject; readonly output: Json }

/** A message of a customer, the calls that it takes, one a turn, and the answer, which is a turn too. */
export type Errand = { readonly message: string; readonly calls: readonly DeskCall[]; readonly answer: string }

export type DeskWork = {
  readonly from: string
  readonly instructions: string
  readonly tools: readonly { readonly name: string; readonly description: string; readonly parameters: JsonObject }[]
  /** Exactly as many turns as were asked for. */
  readonly errands: readonly Errand[]
}

type Source = Omit<DeskWork, 'errands'> & { readonly errands: Iterable<Omit<Errand, 'answer'>> }

/** Recorded tasks of tau-bench retail, where their data is; else made up, as long. */
export function deskWork(turns: number): DeskWork {
  const { errands, ...source } = recordedSource() ?? generatedSource()
  const taken: Errand[] = []
  let left = turns
  for (const errand of errands) {
    if (left <= 0) break
    const answer = `${ANSWER} This was request ${taken.length + 1}.`
    taken.push({ ...errand, calls: errand.calls.slice(0, left - 1), answer })
    left -= Math.min(left, errand.calls.length + 1)
  }
  if (left > 0) throw new RangeError(`expected errands for ${turns} turns, found ${left} too few`)
  return { ...source, errands: taken }
}

const ANSWER = 'That is done as you asked. The difference goes back to the card that you paid with, within a week.'
/** What a customer's own account and the thing itself take to look at, before anything is changed. */
const LOOKED_UP = { order: 'get_order_details', user: 'get_user_details', product: 'get_product_details' } as const

function recordedSource(): Source | undefined {
  const world = retailWorld()
  if (world === undefined) return undefined
  const errands = world.tasks.map((task) => {
    const state = world.open(task)
    const calls = task.calls.flatMap(({ tool, input }): readonly DeskCall[] => {
      if (!isJsonObject(input)) return []
      const run = (name: string, asked: JsonObject): DeskCall => {
        const result = state.run(name, asked)
        return { tool: name, input: asked, output: result.type === 'returned' ? result.output : result.error }
      }
      return [...lookUps(input, run), run(tool, input)]
    })
    return { message: task.message, calls }
  })
  const tools = world.tools.map(({ name, description, parameters }) => ({
    name,
    description,
    parameters: isJsonObject(parameters) ? parameters : {},
  }))
  return { from: 'tau-bench retail', instructions: world.instructions, tools, errands }
}

type Run = (tool: string, input: JsonObject) => DeskCall

/** The order that a call is about, whose it is, and what stands first in it. */
function lookUps(input: JsonObject, run: Run): readonly DeskCall[] {
  const { order_id } = input
  if (order_id === undefined) return []
  const order = run(LOOKED_UP.order, { order_id })
  const said = String(order.output)
  const found = (name: string) => new RegExp(`"${name}": "([^"]+)"`).exec(said)?.[1]
  const [user_id, product_id] = [found('user_id'), found('product_id')]
  return [
    order,
    ...(user_id === undefined ? [] : [run(LOOKED_UP.user, { user_id })]),
    ...(product_id === undefined ? [] : [run(LOOKED_UP.product, { product_id })]),
  ]
}

/** About as long as the recorded ones: an order of 1,000 characters, an account of 700, a product of 2,700. */
const GENERATED = [
  [LOOKED_UP.order, 9],
  [LOOKED_UP.user, 6],
  [LOOKED_UP.product, 24],
] as const

function generatedSource(): Source {
  return {
    from: 'generated',
    instructions: 'You are at the desk of a shop. Look up what is asked about before you change anything. '.repeat(60),
    tools: Object.values(LOOKED_UP).map((name) => ({
      name,
      description: 'Looks something up in the books of the shop, by its id, and answers with all that is known of it.',
      parameters: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
    })),
    errands: generatedErrands(),
  }
}

function* generatedErrands(): Generator<Omit<Errand, 'answer'>> {
  for (let number = 1; ; number += 1) {
    const calls = GENERATED.map(([tool, rows]): DeskCall => {
      const lines = Array.from({ length: rows }, (_, row) => ({
        id: `${number}${row}`,
        name: `item ${row}`,
        price: 9.5,
      }))
      const output = JSON.stringify({
        id: `#W${number}`,
        status: 'delivered',
        lines,
        note: 'as ordered '.repeat(rows * 5),
      })
      return { tool, input: { id: `#W${number}` }, output }
    })
    yield {
      message: `I want to send back item 3 of my order #W${number}. ${'It does not fit. '.repeat(20)}`,
      calls,
    }
  }
}
