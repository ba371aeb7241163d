import { serialize } from 'node:v8'
import { expect, test } from 'vitest'
import { frameOf, MAX_FRAME_BYTES, readFrames } from '../../src/runtime/isolated/frames.ts'

function reading(maxBytes = MAX_FRAME_BYTES) {
  const messages: unknown[] = []
  let garbage = 0
  const read = readFrames(
    (message) => messages.push(message),
    () => {
      garbage += 1
    },
    maxBytes,
  )
  return { read, messages, garbage: () => garbage }
}

test('messages arrive whole, however the pipe cuts their bytes', () => {
  const sent = [{ type: 'a', text: 'ä'.repeat(300) }, null, 1n, { list: [1, 2, { deep: true }] }]
  const bytes = Buffer.concat(sent.map((message) => frameOf(message)))
  for (const size of [1, 2, 3, 5, 64, 1_000, bytes.length]) {
    const { read, messages, garbage } = reading()
    for (let at = 0; at < bytes.length; at += size) read(bytes.subarray(at, at + size))
    expect(messages).toEqual(sent)
    expect(garbage()).toBe(0)
  }
})

test.each([
  ['a frame that holds no value', [0, 0, 0, 8, 9, 9, 9, 9, 9, 9, 9, 9]],
  ['an empty frame', [0, 0, 0, 0]],
  ['a frame of more than a gigabyte', [0xff, 0xff, 0xff, 0xff, 1, 2, 3]],
  // A value cut in its middle.
  ['half a value', [0, 0, 0, 3, ...serialize('a text').subarray(0, 3)]],
])('%s is told once, and nothing behind it is read', (_, bytes) => {
  const { read, messages, garbage } = reading()
  read(frameOf('before'))
  read(Buffer.from(bytes))
  read(frameOf('behind'))
  read(Buffer.from(bytes))
  expect(messages).toEqual(['before'])
  expect(garbage()).toBe(1)
})

test('a message longer than its reader takes is told by its first bytes, before the rest is kept', () => {
  const bytes = frameOf('x'.repeat(100))
  const roomy = reading(bytes.length)
  roomy.read(bytes)
  expect([roomy.messages.length, roomy.garbage()]).toEqual([1, 0])
  const tight = reading(bytes.length - 1)
  tight.read(bytes.subarray(0, 4))
  expect([tight.messages.length, tight.garbage()]).toEqual([0, 1])
})

test('what is no data is refused where it is sent', () => {
  expect(() => frameOf({ run: () => 1 })).toThrow(/could not be cloned/)
})
