import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeFolder, objects, pawl } from './pawl.ts'

let folder: string
let remove: () => void
beforeEach(() => {
  ;({ folder, remove } = makeFolder())
})
afterEach(() => remove())

const here = (...args: readonly string[]) => pawl(folder, 'plan', ...args)

function file(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

const pipeline = ['--field', 'source=in.csv', '--field', 'target=out.csv', '--field', 'columns=id,name']

const greet = {
  name: 'greet',
  description: 'Greets somebody.',
  fields: { who: { type: 'string', description: 'Who is greeted', default: 'everybody' } },
  plan: { goal: 'Greet {{who}}', tasks: [{ id: 'hello', name: 'Say hello' }] },
}

describe('plan', () => {
  test('alone shows its commands', async () => {
    const { code, out, notes } = await here()
    expect(code).toBe(2)
    expect(out + notes).toMatch(/new .+make a plan from a template/)
  })
})

describe('plan new', () => {
  test('lists the templates with their fields, what has to be filled in and what may', async () => {
    const { code, out } = await here('new')
    expect(code).toBe(0)
    expect(out).toMatch(/^code-review\n.+[\s\S]+^data-pipeline\n.+[\s\S]+^research-report\n/m)
    expect(out).toMatch(/ {4}batchSize +number, 1 to 100000 +100 +Rows of a batch/)
    expect(out).toMatch(/ {4}columns +list +to fill in +The columns/)
    const rows = objects((await here('new', '--json')).out)
    expect(rows.map(({ name, from }) => [name, from])).toEqual([
      ['code-review', 'pawl'],
      ['data-pipeline', 'pawl'],
      ['research-report', 'pawl'],
    ])
  })
  test('prints the plan that comes of a template, readable or on one line', async () => {
    const { code, out, notes } = await here('new', 'data-pipeline', ...pipeline, '--field', 'batchSize=20')
    const plan = JSON.parse(out)
    expect([code, notes]).toEqual([0, ''])
    expect(plan.goal).toBe('Write the valid rows of in.csv, cleaned and transformed, to out.csv')
    expect(plan.tasks[3].input).toEqual({ rows: { $from: 'clean' }, size: 20 })
    const compact = await here('new', 'data-pipeline', ...pipeline, '--field', 'batchSize=20', '--json')
    expect(objects(compact.out)).toEqual([plan])
  })
  test('takes what follows the first "=" as the value', async () => {
    const { out } = await here('new', 'data-pipeline', ...pipeline.with(1, 'source=a=b.csv'))
    expect(JSON.parse(out).tasks[0].input).toEqual({ path: 'a=b.csv' })
  })
  test('writes a file, which then can be checked, and never writes over one', async () => {
    const path = join(folder, 'plan.json')
    const { code, out } = await here('new', 'data-pipeline', ...pipeline, '--out', 'plan.json')
    expect(code).toBe(0)
    expect(out).toContain('plan.json · 8 tasks')
    expect(await here('check', path)).toMatchObject({ code: 0 })
    const written = readFileSync(path, 'utf8')
    const again = await here('new', 'code-review', '--out', 'plan.json')
    expect(again).toMatchObject({ code: 1, notes: expect.stringContaining('Remove it, or name another.') })
    expect(readFileSync(path, 'utf8')).toBe(written)
    expect((await here('new', 'code-review', '--out', 'nowhere/plan.json')).code).toBe(1)
    const json = await here('new', 'code-review', '--out', 'review.json', '--json')
    expect(objects(json.out)[0]).toMatchObject({ type: 'written', tasks: 11 })
  })
  test('says everything that is wrong with the fields at once', async () => {
    const { code, out, notes } = await here('new', 'data-pipeline', '--field', 'sorce=in.csv', '--field', 'batchSize=0')
    expect([code, out]).toEqual([2, ''])
    expect(notes).toContain('expected data-pipeline to be filled in; found 5 problems')
    expect(notes).toContain('Did you mean "source"?')
    expect(notes).toContain('fields.batchSize: expected 1 to 100000; found 0.')
    expect(notes).toContain('fields.columns: expected a value (The columns that every row has to have); found nothing.')
  })
  test.each<readonly [args: readonly string[], says: string]>([
    [['code-reviw'], 'Did you mean code-review?'],
    [['code-review', '--field', 'from'], 'expected --field name=value; found "from"'],
    [['code-review', '--field', '=x'], 'expected --field name=value; found "=x"'],
    [['code-review', '--field', 'focus=a', '--field', 'focus=b'], 'A list is one value: --field name=a,b.'],
    [['--field', 'from=x'], 'expected the name of a template'],
    [['--templates', 'nowhere'], 'expected --templates to be a folder with templates'],
  ])('refuses %j as a command line', async (args, says) => {
    expect(await here('new', ...args)).toMatchObject({ code: 2, out: '', notes: expect.stringContaining(says) })
  })
})

describe('templates of the user', () => {
  beforeEach(() => mkdirSync(join(folder, 'templates')))
  test('beside the configuration are listed and filled in', async () => {
    file('templates/greet.json', greet)
    expect((await here('new')).out).toContain(`greet  ${join(folder, 'templates')}`)
    const { out } = await here('new', 'greet', '--field', 'who=Ada')
    expect(JSON.parse(out)).toEqual({ goal: 'Greet Ada', tasks: [{ id: 'hello', name: 'Say hello', dependsOn: [] }] })
  })
  test('are taken before one of pawl of the same name, and that is said', async () => {
    file('templates/code-review.json', { ...greet, name: 'code-review' })
    const { code, out, notes } = await here('new', 'code-review')
    expect([code, JSON.parse(out).goal]).toEqual([0, 'Greet everybody'])
    expect(notes).toContain(`code-review of ${join(folder, 'templates')} is taken, not the one of pawl`)
    expect((await here('new')).out).toContain('code-review  not taken: another of this name is yours')
  })
  test('are looked for where --templates or the configuration says', async () => {
    mkdirSync(join(folder, 'mine'))
    file('mine/greet.json', greet)
    expect((await here('new', 'greet')).code).toBe(2)
    expect((await here('new', 'greet', '--templates', 'mine')).code).toBe(0)
    const config = (templates: string) =>
      `export const config = { agents: [], templates: ${JSON.stringify(templates)} }\n`
    file('other.config.ts', config('./mine'))
    expect((await here('new', 'greet', '--config', 'other.config.ts')).code).toBe(0)
    file('wrong.config.ts', config('./theirs'))
    const { code, notes } = await here('new', 'greet', '--config', 'wrong.config.ts')
    expect([code, notes]).toEqual([
      2,
      expect.stringContaining('expected `templates` of the configuration to be a folder'),
    ])
  })
  test.each<readonly [content: unknown, says: string]>([
    ['{ "name": ', 'at position'],
    [{ ...greet, name: 'other' }, 'name: expected "greet", as its file is named; found "other".'],
    [{ ...greet, fields: {} }, 'plan.goal: expected the name of a field; found "{{who}}".'],
    [{ ...greet, plan: { ...greet.plan, tasks: [{ id: 'a', name: '{{who}}', dependsOn: ['a'] }] } }, 'self_dependency'],
  ])('that are none are named with what is wrong, case %$', async (content, says) => {
    file('templates/greet.json', content)
    const { code, out, notes } = await here('new', 'greet')
    expect([code, out]).toEqual([1, ''])
    expect(notes.replaceAll('found {{who}}', 'found "{{who}}"')).toContain(says)
    // The others can still be taken.
    expect((await here('new', 'code-review')).code).toBe(0)
  })
})

const search = (input: object) => ({ goal: 'Find', tasks: [{ id: 'find', name: 'Find', tool: 'search_docs', input }] })

describe('plan check', () => {
  test('looks with the tools of an agent: what it has, and what they take in', async () => {
    const sound = await here('check', file('p.json', search({ query: 'x' })), '--agent', 'triage')
    expect(sound).toMatchObject({ code: 0, notes: '' })
    expect(sound.out).toBe('✓ it can be carried out · 1 task, strict, for triage\n')
    const wrong = await here('check', file('p.json', search({ query: 3 })), '--agent', 'triage')
    expect(wrong.code).toBe(1)
    expect(wrong.out).toMatch(
      /^✗ invalid_input {2}find\n {4}The input of "find" does not fit the tool "search_docs": query /,
    )
    expect(wrong.out).toContain('✗ it cannot be carried out: 1 problem · 1 task, strict, for triage')
    const strange = await here('check', file('p.json', search({ query: 'x' })), '--agent', 'asker')
    expect(strange).toMatchObject({ code: 1, out: expect.stringContaining('✗ unknown_tool  find') })
  })
  test('takes the one agent of a configuration', async () => {
    const config = join(folder, 'pawl.config.ts')
    const only = `import { config as all } from ${JSON.stringify(config)}\nexport const config = { agents: all.agents.slice(0, 1) }\n`
    file('one.config.ts', only)
    const { out } = await here('check', file('p.json', search({ query: 'x' })), '--config', 'one.config.ts')
    expect(out).toContain('for triage')
  })
  test('looks at the plan by itself where it cannot know whose it is, and says so', async () => {
    const { code, out, notes } = await here('check', file('p.json', search({ query: 3 })))
    expect([code, out]).toEqual([0, '✓ its structure holds · 1 task, strict, looked at by itself\n'])
    expect(notes).toContain('say which with --agent (triage, asker, dawdler, dier, failing)')
    const elsewhere = await pawl('/', 'plan', 'check', join(folder, 'p.json'))
    expect(elsewhere).toMatchObject({
      code: 0,
      notes: expect.stringContaining('There is no pawl.config.ts in / or above'),
    })
    expect(await pawl('/', 'plan', 'check', 'p.json', '--agent', 'triage')).toMatchObject({
      code: 2,
      notes: expect.stringContaining('expected pawl.config.ts'),
    })
    expect(await here('check', join(folder, 'p.json'), '--agent', 'nobody')).toMatchObject({ code: 2 })
  })
  test('tells each problem and warning with its code, its tasks and how to mend it', async () => {
    const tasks = [
      { id: 'a', name: 'A', dependsOn: ['b'] },
      { id: 'b', name: 'B', dependsOn: ['a'] },
      { id: 'c', name: 'Fetch, parse and store the rows', dependsOn: ['a'] },
    ]
    const path = file('p.json', { goal: 'Go round', tasks })
    const { code, out } = await here('check', path)
    expect(code).toBe(1)
    expect(out).toMatch(/^✗ cycle {2}a → b → a\n {4}\S/m)
    expect(out).toMatch(/^! god_task {2}c\n {4}\S/m)
    expect(out).toContain('it cannot be carried out: 1 problem, 1 warning')
    const rows = objects((await here('check', path, '--json')).out)
    expect(rows).toMatchObject([
      { type: 'problem', code: 'cycle', tasks: ['a', 'b', 'a'], message: expect.any(String) },
      { type: 'warning', code: 'god_task', tasks: ['c'] },
      { type: 'checked', agent: null, mode: 'strict', tasks: 3, problems: 1, warnings: 1 },
    ])
  })
  test('holds a plan to the limits of the configuration, as a start does', async () => {
    file('tight.config.ts', `export const config = { agents: [], limits: { maxPlanTasks: 1 } }\n`)
    const path = file('p.json', { goal: 'x', tasks: ['a', 'b'].map((id) => ({ id, name: 'Wait' })) })
    expect((await here('check', path)).code).toBe(0)
    const tight = await here('check', path, '--config', 'tight.config.ts')
    expect(tight).toMatchObject({ code: 1, out: expect.stringContaining('✗ too_many_tasks') })
    const made = await here('new', 'code-review', '--config', 'tight.config.ts')
    expect(made).toMatchObject({ code: 1, notes: expect.stringContaining('too_many_tasks') })
    const all = `import { config as all } from ${JSON.stringify(join(folder, 'pawl.config.ts'))}\n`
    file('small.config.ts', `${all}export const config = { ...all, limits: { maxInputBytes: 100 } }\n`)
    const search = { id: 'a', tool: 'search_docs', input: { query: 'x'.repeat(100) } }
    const long = ['check', file('long.json', { goal: 'x', tasks: [search] }), '--agent', 'triage']
    expect((await here(...long)).code).toBe(0)
    const small = await here(...long, '--config', 'small.config.ts')
    expect(small).toMatchObject({ code: 1, out: expect.stringContaining('✗ invalid_input  a') })
  })
  test('knows the two modes', async () => {
    const tasks = Array.from({ length: 51 }, (_, index) => ({
      id: `t${index}`,
      name: 'Wait',
      dependsOn: index === 0 ? [] : ['t0'],
    }))
    const path = file('p.json', { goal: 'Wait', tasks })
    expect((await here('check', path)).code).toBe(0)
    const flexible = await here('check', path, '--mode', 'flexible')
    expect(flexible).toMatchObject({ code: 1, out: expect.stringContaining('too_many_steps') })
    expect((await here('check', path, '--mode', 'lax')).code).toBe(2)
  })
  test.each<readonly [text: string, says: string]>([
    ['', 'found, at position 0'],
    ['{"goal": "x", "goal": "y"}', 'stands twice'],
    ['[]', 'malformed'],
    ['{"goal": "x", "tasks": []}', 'empty_plan'],
  ])('refuses %j as a plan', async (text, says) => {
    const { code, out } = await here('check', file('p.json', text))
    expect([code, out]).toEqual([1, expect.stringContaining(says)])
  })
  test('a file that is not there is a mistake of the command line, and nothing is made', async () => {
    const { code, notes } = await here('check', join(folder, 'no.json'))
    expect([code, notes]).toEqual([2, expect.stringContaining('expected a file that can be read')])
    expect(existsSync(join(folder, '.pawl'))).toBe(false)
  })
  test('shows nothing of a plan that could speak to the terminal', async () => {
    const { out } = await here('check', file('p.json', { goal: 'x', tasks: [{ id: 'a\u001b[2J', name: 'A' }] }))
    expect(out).toContain('invalid_id')
    expect(out).not.toContain('\u001b')
  })
})
