/** What redaction costs, in CPU time. */
import { randomBytes } from 'node:crypto'
import { createRedactor } from '../../src/runtime/index.ts'
import { encodingsOf } from '../../src/runtime/redact-encodings.ts'
import { createFinder } from '../../src/runtime/redact-find.ts'
import { patterns } from '../../src/runtime/redact-patterns.ts'
import type { Figure } from '../prove/proof.ts'

const PROSE = 'The quick brown fox jumps over the lazy dog; see https://example.com/a?b=c, it says so. '
const MEGABYTE = 1_000_000
const TRIES = 5

export function measure(): readonly Figure[] {
  const none = createRedactor({ finder: null })
  const needles = Array.from({ length: 20 }, (_, index) => ({
    name: `K${index}`,
    value: randomBytes(24).toString('base64'),
  }))
  const twenty = createRedactor({
    finder: createFinder(needles.flatMap(({ name, value }) => encodingsOf(value).map((text) => ({ text, name })))),
  })
  const anchors = patterns.flatMap((pattern) => pattern.anchors)
  const worst = Math.max(...anchors.map((anchor) => cpuMs(() => none.text(filled(anchor)), 1)))
  return [
    { name: 'CPU a megabyte of text, patterns alone', value: cpuMs(() => none.text(filled(PROSE)), TRIES), unit: 'ms' },
    {
      name: 'CPU a megabyte of text, with 20 secrets',
      value: cpuMs(() => twenty.text(filled(PROSE)), TRIES),
      unit: 'ms',
    },
    { name: 'CPU a megabyte of nothing but beginnings of credentials, the worst', value: worst, unit: 'ms' },
  ]
}

function filled(piece: string): string {
  return piece.repeat(Math.ceil(MEGABYTE / piece.length)).slice(0, MEGABYTE)
}

/** The best of some tries: the others shared their time with something else. */
function cpuMs(work: () => void, tries: number): number {
  const times = Array.from({ length: tries }, () => {
    const before = process.cpuUsage()
    work()
    return process.cpuUsage(before).user / 1_000
  })
  return Math.round(Math.min(...times) * 10) / 10
}
