/** Goldens of a plan after the fact. The logs are built from events, the words are those of DESIGN sections 4 and 9. */
import { describe, expect, test } from 'vitest'
import { fold, type LogEvent, traceOf } from '../../core/index.ts'
import { endedPartial, replanned, retriedLater } from '../../core/plan/deploy-log.fixture.ts'
import { createStyle } from '../style.ts'
import { renderEvent } from './event.ts'
import { renderPlanOf, renderVersion } from './plan-show.ts'
import { renderTrace } from './trace.ts'

const style = createStyle(false)
const look = { style, width: 80, textWidth: 80, now: 50_000 }

/** Relative times only: the absolute ones depend on the machine's time zone. */
function withoutClock(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.replaceAll(/, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, ''))
}

function shown(log: readonly LogEvent[]): readonly string[] {
  return renderPlanOf(fold('t', 's', log), log, look)
}

function versionOf(log: readonly LogEvent[], number: number): readonly string[] {
  const state = fold('t', 's', log)
  const version = state.plan?.versions.find((each) => each.version === number)
  if (version === undefined) throw new Error(`the log has no version ${number}`)
  return withoutClock(renderVersion(state, log, { version, look }))
}

describe('a plan after the fact', () => {
  test('says why each task is unreachable, what was chosen on a failure, and that the end is partial', () => {
    expect(shown(endedPartial())).toEqual([
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
      '! ended partial: the answer names what is missing',
      '',
      'recovery',
      '  network  attempt 1  escalate  tool_terminal: nothing else is left to try',
    ])
  })
  test('says when a task is tried again', () => {
    expect(shown(retriedLater()).slice(5, 7)).toEqual([
      '· network     Open the network',
      '              again in 30 s, after an attempt: tool_retryable',
    ])
  })
  test('lists its versions, each with why it came', () => {
    expect(versionOf(replanned(), 2)).toEqual([
      'version 2  in force  replan since network failed: tool_terminal  28 s ago',
      '',
      'Deploy the orders service to staging',
      'plan 2 · strict · 2 of 5 done · 15 s',
      '',
      '✓ vm          Create the virtual machine        4 s',
      '✓ deps        Install the dependencies         10 s',
      '○ group       Open the network in a new group',
      '· app         Deploy the application           after group',
      '· monitoring  Set up monitoring                after app',
      '',
      'recovery',
      '  network  attempt 1  replan  tool_terminal: what is left is planned anew',
      '',
      '  Nothing may touch production. The machine is to be a small one.',
      '',
      'versions',
      '  1  replaced  5 tasks  given                                       47 s ago',
      '  2  in force  5 tasks  replan since network failed: tool_terminal  28 s ago',
    ])
  })
  test('shows a version that is not in force as it was proposed', () => {
    expect(versionOf(replanned(), 1).slice(0, 9)).toEqual([
      'version 1  replaced  given  47 s ago',
      '',
      'Deploy the orders service to staging',
      'plan 1 · strict · 5 tasks',
      '',
      '· vm          Create the virtual machine',
      '· deps        Install the dependencies    after vm',
      '· network     Open the network            after vm',
      '· app         Deploy the application      after deps, network',
    ])
  })
})

describe('the log of a plan', () => {
  test('as a trace has a column of tasks', () => {
    expect(renderTrace(traceOf(endedPartial()).slice(8), { style, width: 120 })).toEqual([
      'step     kind              task     tool          status          reason',
      '   1  ✗  tool_result       network  open_port     terminal_error  message: sg-9 has no free rule',
      '      ✗  task_transition   network                failed          tool_terminal  message: sg-9 has no free rule',
      '      ·  recovery_chosen   network                escalate        tool_terminal: nothing else is left to try',
      '      ✓  tool_result       deps     run_playbook  ok',
      '      ✓  task_transition   deps                   completed',
      '   0  ·  state_transition                         completed       final_answer  ending: answered, partial: true',
    ])
  })
  test('as events says what a version is, and of which task an event is', () => {
    const line = (seq: number) => {
      const [logEvent] = replanned().slice(seq - 1)
      if (logEvent === undefined) throw new Error(`the log has no event ${seq}`)
      return renderEvent(logEvent, { style, width: 130, before: logEvent.at })
    }
    expect(line(3)).toBe(
      '    3             plan_proposed        version 1 · mode strict · cause given · tasks 5 · goal Deploy the orders service to staging',
    )
    expect(line(5)).toBe('    5             plan_adopted         version 1')
    expect(line(18)).toBe(
      '   18             task_failed          task network · failure tool_terminal · message sg-9 has no free rule · attempt 1',
    )
  })
})
