import { expect, test } from 'vitest'
import { readStandardInput } from './standard-input.ts'

const error = (code: string) => Object.assign(new Error(code), { code })

/** A pipe that has these ready one after the other, and then ends. */
function pipeOf(...ready: readonly (string | Error)[]) {
  const left = [...ready]
  return (chunk: Buffer): number => {
    const next = left.shift() ?? ''
    if (next instanceof Error) throw next
    return chunk.write(next)
  }
}

test('a pipe that has nothing yet has not ended: it is looked at again', () => {
  let pauses = 0
  const pause = () => {
    pauses += 1
  }
  expect(readStandardInput(pipeOf(error('EAGAIN'), '{"a"', error('EAGAIN'), ': 1}'), pause)).toBe('{"a": 1}')
  expect(pauses).toBe(2)
})

test('a character that two reads part is put together again', () => {
  const bytes = Buffer.from('→')
  const halves = [bytes.subarray(0, 1), bytes.subarray(1), Buffer.alloc(0)]
  expect(readStandardInput((chunk) => halves.shift()?.copy(chunk) ?? 0)).toBe('→')
})

test('an end may be told as an error, and other errors are errors', () => {
  expect(readStandardInput(pipeOf('a', error('EOF')))).toBe('a')
  expect(() => readStandardInput(pipeOf(error('EIO')))).toThrow('EIO')
})
