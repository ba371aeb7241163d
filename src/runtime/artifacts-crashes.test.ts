import { describe, expect, test } from 'vitest'
import type { Json, LogEvent } from '../core/index.ts'
import { scriptedTasks } from '../models/scripted.ts'
import type { Store, ToolContext } from '../ports/index.ts'
import { manualClock, manualEnv } from '../testing/manual-env.ts'
import { artifactsIn, idOf, rows, stores } from './artifacts.fixture.ts'
import { direct, loop, planningWorld, planOf } from './planning.fixture.ts'
import { anyTool } from './world.fixture.ts'

type Open = (typeof stores)[number][1]
/** The n-th write of the first worker, which is done or not. Null: it lives. */
type Death = { readonly at: number; readonly isDone: boolean } | null

const ref = { tenant: 'default', sessionId: 's1' }
const writes = ['append', 'appendUnconditionally', 'appendLocked', 'claim', 'release', 'saveArtifact']
const found = { orders: rows(3), pages: rows(700) }

/** Dies at a write: from then on nothing that it asks is answered. */
function dying(store: Store, death: Death, die: () => void) {
  let count = 0
  let isDead = false
  const never = () => new Promise<never>(() => {})
  const members = Object.entries(store).map(([name, member]) => {
    if (typeof member !== 'function') return [name, member]
    const through = async (...request: readonly unknown[]) => {
      if (isDead) return never()
      if (writes.includes(name)) count += 1
      if (!writes.includes(name) || count !== death?.at) return member(...request)
      isDead = true
      die()
      if (death.isDone) await member(...request)
      return never()
    }
    return [name, through]
  })
  // The members of a store, each counted.
  return { store: Object.fromEntries(members) as Store, count: () => count }
}

/** Effects outside, each under its key; the system there knows a key that it has seen. */
function outside() {
  const effects: string[] = []
  const ledger = new Map<string, Json>()
  const act =
    (name: string) =>
    (input: Record<string, unknown>, { idempotencyKey: key }: ToolContext) => {
      const output = { of: input as Json, receipt: rows(600) }
      // A second effect under the key of an unsafe call is the bug that is looked for.
      if (name === 'pay' || !ledger.has(key)) effects.push(`${name} ${JSON.stringify(input)}`)
      ledger.set(key, output)
      return output
    }
  const verify = (key: string) => {
    const output = ledger.get(key)
    return output === undefined ? ({ tookEffect: false } as const) : ({ tookEffect: true, output } as const)
  }
  const tools = [
    anyTool('look', 'read', () => found),
    anyTool('note', 'idempotent', act('note')),
    anyTool('pay', 'unsafe', act('pay'), { verify }),
  ]
  return { effects, tools }
}

const plan = planOf(
  direct('a', 'look'),
  direct('b', 'pay', { order: { $from: 'a', path: '/pages/699' } }),
  {
    ...direct('c', 'note', { it: { $from: '$item', path: '/note' } }),
    forEach: { $from: 'a', path: '/orders' },
  },
  loop('d', { dependsOn: ['b'], tools: [] }),
  direct('e', 'note', { last: { $from: 'c', path: '/2/receipt/599/row' }, paid: { $from: 'b', path: '/of' } }, ['d']),
)

async function carriedOut(open: Open, death: Death) {
  const clock = manualClock()
  const dead = new Set<string>()
  const store = open(clock.now)
  const { effects, tools } = outside()
  const first = dying(store, death, () => dead.add('p1'))
  const launch = (holder: string, own: Store) => {
    const model = scriptedTasks({
      tasks: {
        d: ({ messages, turn }) => {
          const id = /\\"artifact\\":\\"([0-9a-f]{16})\\"/.exec(JSON.stringify(messages[0]))?.[1] ?? ''
          return turn === 1
            ? { calls: [{ tool: 'read_artifact', input: { artifact: id, pointer: '/of' } }] }
            : 'It was read.'
        },
      },
    })
    const planning = { planner: null, router: null }
    return planningWorld({ store: own, env: manualEnv({ clock, holder, dead }), tools, model, planning })
  }
  const api = planningWorld({
    store,
    env: manualEnv({ clock, holder: 'api' }),
    tools,
    isDriving: false,
    planning: { planner: null, router: null },
  })
  launch('p1', first.store)
  await api.runtime.start('clerk', { ...ref, message: 'go', plan, commandId: 'start' })
  let hasNext = false
  for (let step = 0; step < 200 && (await store.head(ref))?.status !== 'done'; step += 1) {
    await clock.advance(500)
    if (dead.size === 0 || hasNext) continue
    hasNext = true
    launch('p2', store)
  }
  const log = await api.log(ref.sessionId)
  const artifacts = (await artifactsIn(api, ref.sessionId)).map(({ hash }) => idOf(hash))
  const swept = await store.sweepArtifacts({ before: clock.now() + 1, limit: 100 })
  await store.close()
  return { end: endOf(log, effects, artifacts), swept, writes: first.count() }
}

/** What has to be the same however often somebody died. A payment that was found not to have begun is a task that is tried again. */
function endOf(log: readonly LogEvent[], effects: readonly string[], artifacts: readonly string[]) {
  const finished = log.flatMap(({ event }) => (event.type === 'task_finished' ? [event.taskId] : []))
  const ended = log.findLast(({ event }) => event.type === 'session_ended')?.event
  return { finished: finished.sort(), effects: [...effects].sort(), artifacts: [...new Set(artifacts)].sort(), ended }
}

describe.each(stores)('a plan whose results are artifacts, over the %s store', (name, open) => {
  test('comes to the same whichever write its worker dies at, and pays once', async () => {
    const sound = await carriedOut(open, null)
    expect(sound.end.ended).toMatchObject({ reason: 'final_answer' })
    expect(sound.end.effects.filter((effect) => effect.startsWith('pay'))).toEqual([
      'pay {"order":{"note":"as ordered 699","row":699,"total":1398}}',
    ])
    expect(sound.end.effects).toHaveLength(5)
    expect(sound.end.finished).toEqual(['a', 'b', 'c/0', 'c/1', 'c/2', 'd', 'e'])
    expect(sound.swept).toBe(0)
    // Of the slower one every other.
    const step = name === 'memory' ? 1 : 2
    let deaths = 0
    for (let at = 1; at <= sound.writes; at += step) {
      for (const isDone of [false, true]) {
        const { end, swept } = await carriedOut(open, { at, isDone })
        expect({ end, swept }, `dead at write ${at}, which was ${isDone ? '' : 'not '}done`).toEqual({
          end: sound.end,
          swept: 0,
        })
        deaths += 1
      }
    }
    expect(deaths).toBeGreaterThan(15)
  }, 60_000)
})
