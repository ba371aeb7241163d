/** What stands on a terminal while a plan is carried out: read back from what was written to it. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { fold, type LogEvent } from '../core/index.ts'
import { endedPartial, retriedLater } from '../core/plan/deploy-log.fixture.ts'
import type { App } from './app.ts'
import { createStyle } from './style.ts'
import type { Terminal } from './terminal.ts'
import { viewOf } from './views.ts'

const NOW = 50_000
const FRAME_MS = 100

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Lines of a window; the cursor moves as the few sequences say that a screen writes. What is wider than it goes on below, or is cut. */
function createWindow(columns: number) {
  const lines: string[] = ['']
  let [row, column] = [0, 0]
  let isWrapping = true
  const put = (all: string) => {
    const text = all.slice(0, columns - column)
    const line = (lines[row] ?? '').padEnd(column)
    lines[row] = line.slice(0, column) + text + line.slice(column + text.length)
    column += text.length
    if (!isWrapping || text === all) return
    ;[row, column] = [row + 1, 0]
    put(all.slice(text.length))
  }
  const control = (sequence: string) => {
    if (sequence.startsWith('[?7')) isWrapping = sequence.endsWith('h')
    else if (sequence.endsWith('A')) row = Math.max(0, row - Number(/\d+/.exec(sequence)?.[0] ?? 1))
    else lines[row] = (lines[row] ?? '').slice(0, column)
    if (sequence.endsWith('J')) lines.splice(row + 1)
  }
  const write = (text: string) => {
    for (const [piece, sequence] of text.matchAll(/\p{Cc}(\[\??\d*[A-Za-z])|\p{Cc}|\P{Cc}+/gu)) {
      if (sequence !== undefined) control(sequence)
      else if (piece !== '\n' && piece !== '\r') put(piece)
      else column = 0
      if (piece === '\n') row += 1
      lines[row] ??= ''
    }
  }
  return { write, lines: () => lines.map((line) => line.trimEnd()) }
}

function watched({
  isLive = true,
  height = 40,
  width = 80,
  columns = width,
}: {
  isLive?: boolean
  height?: number
  width?: number
  /** What the window really has, where it draws characters wider than they are counted. */
  columns?: number
} = {}) {
  const window = createWindow(columns)
  const terminal: Terminal = {
    out: (text) => window.write(`${text}\n`),
    note: () => {},
    raw: window.write,
    style: createStyle(false),
    noteStyle: createStyle(false),
    width,
    textWidth: width,
    height,
    isInteractive: false,
    isLive,
    now: () => NOW,
  }
  // The view takes no more of the application than this.
  const view = viewOf({ terminal, isJson: false } as unknown as App, undefined)
  const show = (log: readonly LogEvent[]) => {
    for (const [index, { seq, at, event }] of log.entries())
      view.item({ type: 'event', seq, at, event }, fold('t', 's', log.slice(0, index + 1)))
    vi.advanceTimersByTime(FRAME_MS)
    return window.lines()
  }
  return { show, close: view.close, lines: window.lines }
}

const asked = [
  '',
  '› I was charged twice',
  '',
  '▸ plan 1 5 tasks · given · Deploy the orders service to staging',
  '  · plan_and_subagent · forced: the caller gave a plan',
]
const failedNetwork = '  ✗ network Open the network tool_terminal sg-9 has no free rule'

describe('a plan that is carried out before a person', () => {
  test('is a tree that is rewritten; what goes well is no line, what fails and what follows is one', () => {
    const { show, close, lines } = watched()
    // As long as `deps` runs.
    const running = endedPartial().slice(0, 19)
    expect(show(running)).toEqual([
      ...asked,
      failedNetwork,
      '    · escalate: tool_terminal: nothing else is left to try',
      '',
      'Deploy the orders service to staging',
      'plan 1 · strict · 1 of 5 done · 1 running · 1 failed · 2 unreachable · 44 s',
      '',
      '✓ vm          Create the virtual machine   4 s',
      '▸ deps        Install the dependencies    39 s',
      '✗ network     Open the network             6 s',
      '              tool_terminal: sg-9 has no free rule',
      '⊘ app         Deploy the application      unreachable: network failed',
      '⊘ monitoring  Set up monitoring           unreachable: network failed',
      '  ⠙ run_playbook · 35 s',
    ])
    close()
    expect(lines().filter((line) => line.startsWith('plan 1'))).toHaveLength(1)
    expect(lines().join('\n')).not.toContain('run_playbook ·')
  })
  test('stands there once when it has ended, before its answer', () => {
    const { show, close, lines } = watched()
    show(endedPartial())
    close()
    expect(lines().slice(asked.length + 2)).toEqual([
      '',
      'Deploy the orders service to staging',
      'plan 1 · strict · 2 of 5 done · 1 failed · 2 unreachable · 15 s',
      '',
      '✓ vm          Create the virtual machine   4 s',
      '✓ deps        Install the dependencies    10 s',
      '✗ network     Open the network             6 s',
      '              tool_terminal: sg-9 has no free rule',
      '⊘ app         Deploy the application      unreachable: network failed',
      '⊘ monitoring  Set up monitoring           unreachable: network failed',
      '',
      '  Deploy the orders service to staging: completed 2 of 5 tasks.',
      '',
      '  Not done: Open the network (failed: sg-9 has no free rule); Deploy the',
      '  application (unreachable because Open the network failed); Set up monitoring',
      '  (unreachable because Open the network failed).',
      '',
    ])
  })
  test('stands there once on a terminal that draws it wider than it is counted', () => {
    const { show, close, lines } = watched({ width: 80, columns: 40 })
    show(endedPartial().slice(0, 19))
    vi.advanceTimersByTime(5 * FRAME_MS)
    const trees = () => lines().filter((line) => line.startsWith('Deploy the orders'))
    expect(trees()).toHaveLength(1)
    close()
    expect(trees()).toHaveLength(1)
  })
  test('says when what has failed is tried again', () => {
    const { show } = watched({ width: 120 })
    expect(show(retriedLater())).toContain(
      '· network     Open the network            again in 30 s, after an attempt: tool_retryable',
    )
  })
  test('is lines where lines cannot be rewritten, and where the window is too low for a tree', () => {
    const piped = watched({ isLive: false }).show(endedPartial().slice(0, 19))
    expect(piped.slice(asked.length)).toEqual([
      '  ▸ vm Create the virtual machine',
      expect.stringMatching(/^ {2}✓ create_vm +allow +ok +vm: /),
      '  ✓ vm Create the virtual machine',
      '  ▸ deps Install the dependencies',
      '  ▸ network Open the network',
      expect.stringMatching(/^ {2}✗ open_port +allow +terminal_error +network: /),
      failedNetwork,
      '    · escalate: tool_terminal: nothing else is left to try',
      '',
    ])
    expect(watched({ height: 8 }).show(endedPartial().slice(0, 19)).slice(0, -1)).toEqual(piped.slice(0, -1))
  })
})
