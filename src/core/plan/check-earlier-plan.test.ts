import { describe, expect, test } from 'vitest'
import { context, plan, problemsOf, shown, task } from './plan-context.fixture.ts'

describe('a task that stands already', () => {
  const gone = task('a', { tool: 'gone', input: { key: 'k' }, specialist: 'nobody', accept: { checker: 'none' } })
  const pinned = new Map([['a', gone]])

  test('is not looked at again: its agent may have lost its tool since', () => {
    expect(shown(problemsOf(plan(gone)))).toEqual(['unknown_specialist a', 'unknown_tool a', 'unknown_checker a'])
    expect(problemsOf(plan(gone, task('b', { dependsOn: ['a'] })), context({ pinned }))).toEqual([])
  })

  test('needs no events any more', () => {
    const limits = { ...context().limits, eventsLeft: 6 }
    const whole = plan(gone, task('b'))
    expect(shown(problemsOf(whole, context({ pinned, limits })))).toEqual([])
    const [problem] = problemsOf(plan(gone, task('b'), task('c')), context({ pinned, limits }))
    expect(problem?.message).toContain('2 tasks take about 12 events, and the session has 6 left')
  })

  test('is told of without what may not be told, and then has to be left out', () => {
    const shownAs = (each: typeof gone) => ({ ...each, input: '[hidden]' })
    const changed = plan({ ...gone, name: 'Another' })
    const [hidden] = problemsOf(changed, context({ pinned, shownAs }))
    expect(hidden).toMatchObject({ code: 'pinned_changed', message: expect.stringContaining('"input":"[hidden]"') })
    expect(hidden?.message).toContain('Leave it out: it stays as it is')
    expect(problemsOf(changed, context({ pinned }))[0]?.message).toContain('Put it in unchanged: ')
  })
})
