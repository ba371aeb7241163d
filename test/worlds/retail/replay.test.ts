import { beforeAll, describe, expect, test } from 'vitest'
import { canonicalSha256 } from '../sha256.ts'
import { loadRetail, type RetailWorld } from './load-retail.ts'
import { plantedBugs } from './planted-bugs.ts'
import { differencesOf, type ReplayedTask, type RetailStart, replayTask } from './replay.ts'
import { copyRetailDb } from './retail-db.ts'
import { retailTools } from './retail-tools.ts'
import { stateSha256 } from './state-sha256.ts'

const retail = loadRetail()

const recordedCalls = {
  cancel_pending_order: 182,
  exchange_delivered_order_items: 161,
  modify_pending_order_address: 49,
  modify_pending_order_items: 211,
  modify_pending_order_payment: 37,
  return_delivered_order_items: 153,
}

/** Hashing 793 states of 1.2 MB takes seconds; a busy machine may take many. */
const replayTimeoutMs = 120_000

describe.skipIf(retail === undefined)('tau-bench-retail', () => {
  let replays: readonly ReplayedTask[] = []

  beforeAll(() => {
    replays = loaded().tasks.map((task) => replayTask(task, originalStart(), retailTools))
  }, replayTimeoutMs)

  test('real input: the 520 tasks make 793 calls of six tools, 20 of them in vain', () => {
    const calls = replays.flatMap((replay) => replay.calls)
    const names = calls.map(({ recorded }) => recorded.name).sort()
    const counts = new Map(names.map((name) => [name, names.filter((other) => other === name).length]))
    expect(replays.length).toBe(520)
    expect(Object.fromEntries(counts)).toEqual(recordedCalls)
    expect(calls.filter(({ recorded }) => recorded.error).length).toBe(20)
  })

  test.each(
    Object.keys(recordedCalls),
  )('real input: every call of %s gives the recorded output, text and state', (name) => {
    const calls = replays.flatMap((replay) => replay.calls).filter(({ recorded }) => recorded.name === name)
    const differences = calls.map((call) => ({ taskId: call.taskId, differences: differencesOf(call) }))
    expect(differences.filter((call) => call.differences.length > 0)).toEqual([])
  })

  test('real input: every task ends in the recorded state', () => {
    const wrong = replays.filter(({ task, finalStateSha256 }) => finalStateSha256 !== task.finalStateSha256)
    expect(wrong.map(({ task }) => task.id)).toEqual([])
  })

  test('real input: the one task without calls ends in the original database', () => {
    const idle = loaded().tasks.filter(({ actions }) => actions.length === 0)
    expect(idle.map(({ id, finalStateSha256 }) => [id, finalStateSha256])).toEqual([
      ['retail-dev-17', stateSha256(loaded().db)],
    ])
  })

  test('real input: a hash made of remembered records is the hash of the whole state', () => {
    const { db, tasks } = loaded()
    const busiest = tasks.toSorted((left, right) => right.actions.length - left.actions.length)[0]
    const state = copyRetailDb(db)
    for (const { name, arguments: input } of busiest?.actions ?? [])
      retailTools.find((tool) => tool.name === name)?.run(state, input)
    expect(stateSha256(db)).toBe(canonicalSha256(db))
    expect(stateSha256(state)).toBe(canonicalSha256(state))
    expect(stateSha256(state)).toBe(busiest?.finalStateSha256)
  })

  for (const { bug, toolName, caughtBy, broken } of plantedBugs) {
    test(`real input: the replay catches ${bug}`, { timeout: replayTimeoutMs }, () => {
      const tools = retailTools.map((tool) => (tool.name === toolName ? broken(tool) : tool))
      const tasks = loaded().tasks.filter(({ actions }) => actions.some(({ name }) => name === toolName))
      const replayed = tasks.slice(0, 40).map((task) => replayTask(task, originalStart(), tools))
      // What follows a wrong state may go wrong in any way.
      const first = replayed.map(({ calls }) => calls.map(differencesOf).find(({ length }) => length > 0))
      expect([...new Set(first.flatMap((names) => names ?? []))].sort()).toEqual(caughtBy)
    })
  }

  test('real input: the replay catches a task that starts where another ended', () => {
    const [first] = loaded().tasks
    if (first === undefined) throw new Error('expected a first task, found none')
    const db = copyRetailDb(loaded().db)
    for (const { name, arguments: input } of first.actions)
      retailTools.find((tool) => tool.name === name)?.run(db, input)
    const again = replayTask(first, { db, sha256: stateSha256(db) }, retailTools)
    expect(again.calls.flatMap(differencesOf)).not.toEqual([])
  })
})

let start: RetailStart | undefined

function originalStart(): RetailStart {
  start ??= { db: loaded().db, sha256: stateSha256(loaded().db) }
  return start
}

function loaded(): RetailWorld {
  if (retail === undefined) throw new Error('expected the folder tau-bench-retail, found none')
  return retail
}
