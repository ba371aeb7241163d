import { describe, expect, test } from 'vitest'
import { trace as lines, quote } from './hand-written.fixture.ts'
import { cutTrace, readTrace } from './trace.ts'

const { create, makeFolder, openFolder, write, sync } = lines
const say = (acknowledgement: object): string => {
  const text = `${JSON.stringify(acknowledgement)}\n`
  return `1 write(1, ${quote(text)}, ${text.length}) = ${text.length}`
}
const paths = { rootPath: '/disk', storePath: '/disk/f/sessions.db' }
const appended = (version: number) => say({ type: 'appended', sessionId: 's1', version, hash: `h${version}` })

const text = [
  ...[makeFolder('f'), openFolder('', 4), sync(4)],
  ...[create('f/sessions.db', 5), openFolder('/f', 6), sync(6)],
  ...[write(5, 'one', 0), sync(5), appended(1)],
  ...[write(5, 'two', 0), sync(5), appended(2)],
  say({ type: 'done' }),
  '',
].join('\n')

describe('a trace', () => {
  test('that ends before the writer is done is refused', () => {
    expect(() => readTrace(text.replace(`${say({ type: 'done' })}\n`, ''), paths)).toThrow('come to its end')
  })

  test('is cut at every moment, each with what was said and synced before it', () => {
    const versions = new Map<string, number>()
    const trace = readTrace(text, paths)
    for (const { steps, image, acknowledged } of cutTrace(trace, { count: 300, seed: 'a' })) {
      const said = acknowledged.ends.get('s1')?.version ?? 0
      versions.set(`after ${steps} steps`, said)
      const content = image.files.get('sessions.db')?.toString()
      if (said === 1) expect(['one', 'two']).toContain(content)
      if (said === 2) expect(content).toBe('two')
    }
    // Steps that change nothing, the opening of a folder, are no moments.
    const expected = [1, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13].map((steps) => [
      `after ${steps} steps`,
      steps < 9 ? 0 : steps < 12 ? 1 : 2,
    ])
    expect([...versions]).toEqual(expected)
  })

  test('knows what was under way at each moment', () => {
    const phases = new Map<number, readonly string[]>()
    for (const cut of cutTrace(readTrace(text, paths), { count: 300, seed: 'a' })) phases.set(cut.steps, cut.phases)
    expect(phases.get(1)).toEqual(['making folders', 'at rest'])
    expect(phases.get(4)).toEqual(['making folders', 'making a file'])
    expect(phases.get(7)).toEqual(['moving the log into the file'])
    expect(phases.get(8)).toEqual(['at rest'])
  })
})
