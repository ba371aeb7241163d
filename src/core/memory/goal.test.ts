import { expect, test } from 'vitest'
import { given } from '../../testing/given.ts'
import type { PawlEvent } from '../event.ts'
import { call, done, message, started, turn } from '../log.fixture.ts'
import { ROOT_TASK } from '../state.ts'
import { goalOf, historySince } from './history.ts'

const compacted = (throughSeq: number): PawlEvent => ({
  type: 'history_compacted',
  taskId: ROOT_TASK,
  strategy: 'window',
  throughSeq,
  tokensBefore: 9,
  tokensAfter: 5,
})

test('the message that the work is about is found in as few steps after many turns as after some', () => {
  const looked = (number: number) => [...turn(number, [call('look')], number), ...done(`c${number}`, 'read')]
  const turns = Array.from({ length: 400 }, (_, index) => looked(index + 1)).flat()
  const { state } = given([started(), message('one'), message('two'), ...turns, compacted(3 + turns.length)])
  const root = state.tasks.get(ROOT_TASK)
  if (root === undefined) throw new RangeError('no root')
  let steps = 0
  const transcript = new Proxy(state.transcript, {
    get(target, key, receiver) {
      if (typeof key === 'string' && /^\d+$/.test(key)) steps += 1
      return Reflect.get(target, key, receiver)
    },
  })
  const counted = { ...state, transcript }
  expect(goalOf(counted, root, historySince(counted, root))).toMatchObject({ type: 'user', text: 'two' })
  expect(steps).toBeLessThan(40)
})
