import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeFolder, objects, pawl } from './pawl.ts'

const exposedConfig = fileURLToPath(new URL('./exposed.config.ts', import.meta.url))

let folder: string
let remove: () => void
beforeEach(() => {
  ;({ folder, remove } = makeFolder())
})
afterEach(() => remove())

const here = (...args: readonly string[]) => pawl(folder, ...args)

describe('machines', () => {
  test('get NDJSON of a run: what was started, every event in order, and the result', async () => {
    const { code, out, notes } = await here('run', 'triage', 'I was charged twice', '--json')
    const lines = objects(out)
    expect([code, notes]).toEqual([3, ''])
    expect(lines[0]).toMatchObject({ type: 'started', agent: 'triage' })
    const seqs = lines.filter(({ type }) => type === 'event').map(({ seq }) => seq)
    expect(seqs).toEqual(seqs.map((_, index) => index + 1))
    expect(lines.at(-1)).toMatchObject({ type: 'result', exit: 'blocked', openApprovals: [{ approvalId: 'a1' }] })
  })
  test.each([
    ['sessions'],
    ['show', 'last'],
    ['events', 'last'],
    ['approvals'],
    ['trace', 'last'],
    ['why', 'last'],
    ['verify'],
    ['limits'],
    ['tools', 'triage'],
    ['doctor'],
  ])('get NDJSON from %s', async (...args) => {
    await here('run', 'triage', 'x')
    const { code, out } = await here(...args, '--json')
    expect(code).toBe(0)
    expect(objects(out).length).toBeGreaterThan(0)
  })
  test('read the log word for word, from where they were', async () => {
    await here('run', 'failing', 'x')
    const all = objects((await here('events', 'last', '--json')).out)
    const rest = objects((await here('events', 'last', '--json', '--after', '2')).out)
    expect(rest).toEqual(all.slice(2))
    expect(all[0]).toMatchObject({ seq: 1, event: { type: 'session_started', requester: { id: 'ada' } } })
  })
})

describe('exit codes', () => {
  test('0 for a session that answered, 3 for one that asks, 1 for one that failed', async () => {
    expect((await here('run', 'asker', 'x')).code).toBe(3)
    const answered = await here('answer', 'last', '2', '--wait')
    expect(answered.code).toBe(0)
    expect(answered.out).toContain('answered ada · a1')
    const failed = await here('run', 'failing', 'x')
    expect(failed.code).toBe(1)
    expect(failed.out).toContain('http_400')
  })
  test('2 for what cannot be understood, saying what was expected', async () => {
    expect(await here('frobnicate')).toMatchObject({ code: 2 })
    expect(await here('why')).toMatchObject({ code: 2 })
    expect(await here('run', 'nobody', 'x')).toMatchObject({ code: 2, notes: expect.stringContaining('triage, asker') })
    expect((await here('settle', 'last')).notes).toContain('expected one of --took-effect')
    const elsewhere = await pawl('/', 'sessions')
    expect(elsewhere).toMatchObject({ code: 2, notes: expect.stringContaining('expected pawl.config.ts') })
  })
  test('1 for a session that is not there', async () => {
    const { code, notes } = await here('show', 'nowhere')
    expect(code).toBe(1)
    expect(notes).toBe('pawl: expected a session named "nowhere"; the store has none. `pawl sessions` lists them.\n')
  })
})

describe('a session', () => {
  test('is named by its id, an end of it, or last; a part that several have is refused with their names', async () => {
    await here('run', 'triage', 'one')
    await here('run', 'triage', 'two')
    const [two, one] = objects((await here('sessions', '--json')).out).map(({ sessionId }) => String(sessionId))
    for (const name of [one ?? '', (one ?? '').slice(-8), (one ?? '').slice(0, 13 + 6)]) {
      expect(objects((await here('show', name, '--json')).out)[0]).toMatchObject({ sessionId: one })
    }
    expect(objects((await here('show', 'last', '--json')).out)[0]).toMatchObject({ sessionId: two })
    const { code, notes } = await here('show', '0')
    expect(code).toBe(1)
    expect(notes).toContain(one)
    expect(notes).toContain(two)
  })
  test('that is approved without a worker says how it goes on, and a worker that stops when idle drives it', async () => {
    await here('run', 'triage', 'x')
    const approved = await here('approve', 'last', '--by', 'bo')
    expect(approved.code).toBe(0)
    expect(approved.out).toContain('approved as bo')
    expect(approved.notes).toContain('No worker runs on this store')
    const worked = await here('work', '--until-idle')
    expect(worked.code).toBe(0)
    expect((await here('why', 'last')).out).toContain('The user got: case_opened.')
  })
  test('started detached is driven alone by work --session', async () => {
    const { code } = await here('run', 'triage', 'x', '--detach')
    expect(code).toBe(0)
    const worked = await here('work', '--session', 'last')
    expect(worked.code).toBe(3)
    expect(worked.out).toContain('blocked(approval)')
  })
  test('takes an edited input, and the edit is what runs', async () => {
    await here('run', 'triage', 'x')
    const refused = await here('edit', 'last', '--input', '{"amount": "much"}')
    expect(refused).toMatchObject({ code: 1, notes: expect.stringContaining('invalid_input') })
    const edited = await here('edit', 'last', '--input', '{"account": "A-7", "amount": 40}', '--wait')
    expect(edited.code).toBe(0)
    expect(edited.out).toContain('{"account":"A-7","amount":40}')
  })
  test('that began with words from outside shows it, with the labels of what it read since', async () => {
    const exposureAfter = async (...flags: readonly string[]) => {
      await here('run', 'triage', 'I was charged twice', ...flags)
      const [shown] = objects((await here('show', 'last', '--json')).out)
      return shown?.['exposure']
    }
    const read = [
      { type: 'call', callId: 'c1', tool: 'search_docs', trust: 'tool', sensitivity: 'internal' },
      { type: 'call', callId: 'c2', tool: 'lookup_billing_account', trust: 'tool', sensitivity: 'private' },
    ]
    const message = { type: 'message', seq: 2, sensitivity: 'internal' }
    expect(await exposureAfter('--external')).toEqual([{ ...message, trust: 'external' }, ...read])
    expect(await exposureAfter()).toEqual([{ ...message, trust: 'user' }, ...read])
  })
  test('that is rejected tells the model why', async () => {
    await here('run', 'triage', 'x')
    const { code, out } = await here('reject', 'last', '--reason', 'not verified', '--wait')
    expect(code).toBe(0)
    expect(out).toContain('rejected ada · a1 · not verified')
    expect(out).toContain('A person looks at it.')
  })
})

describe('verify', () => {
  const change = (statement: string) => {
    const database = new DatabaseSync(join(folder, '.pawl/pawl.db'))
    database.exec(statement)
    database.close()
  }
  test('holds over what was written', async () => {
    await here('run', 'failing', 'x')
    expect(await here('verify', 'last')).toMatchObject({
      code: 0,
      out: expect.stringContaining('the chain holds over'),
    })
  })
  test('says at which event one flipped byte of a log is', async () => {
    await here('run', 'triage', 'x')
    change(`UPDATE events SET body = replace(body, '"amount":420', '"amount":421') WHERE kind = 'model_responded'`)
    const { code, out } = await here('verify')
    const broken = objects((await here('verify', '--json')).out)[0]
    expect(code).toBe(4)
    expect(broken).toMatchObject({ check: { type: 'broken', reason: 'body' } })
    expect(out).toContain(`broken at event ${(broken?.['check'] as { seq: number }).seq}`)
    expect(await here('doctor')).toMatchObject({ code: 4, out: expect.stringContaining('the hash chain is broken') })
  })
  test('sees a log that was cut off, or written anew, against heads that were kept', async () => {
    await here('run', 'failing', 'x')
    const kept = await here('verify', '--json')
    const file = join(folder, 'heads.ndjson')
    writeFileSync(file, kept.out)
    expect(await here('verify', '--against', file)).toMatchObject({ code: 0 })
    change('DELETE FROM events')
    change('DELETE FROM sessions')
    expect(await here('verify')).toMatchObject({ code: 0 })
    expect(await here('verify', '--against', file)).toMatchObject({
      code: 4,
      out: expect.stringContaining('it is not there'),
    })
  })
})

describe('tools and doctor', () => {
  test('name effect classes, policies, and a tool that is several', async () => {
    const { out } = await here('tools', 'triage')
    expect(out).toMatch(/open_refund_case +unsafe +internal +tool +1 min +0 +no +threshold\(open_refund_case\)/)
    expect((await here('tools', 'dier')).out).toContain(
      'die is several tools in one: its action chooses among create, delete, update',
    )
  })
  test('say that an unsafe tool without verify needs a person after a crash', async () => {
    const { code, out } = await here('doctor')
    expect(code).toBe(0)
    expect(out).toContain('open_refund_case: unsafe, without verify')
    expect(out).toContain('power_loss')
  })
  test('name what lets a stranger direct an agent, each tool by its part, and the secret that cannot be resolved', async () => {
    writeFileSync(join(folder, 'pawl.config.ts'), `export { config } from ${JSON.stringify(exposedConfig)}\n`)
    const { code, out } = await here('doctor', '--json')
    const found = objects(out).filter(({ name }) => name === 'secrets' || name === 'tools of desk')
    expect(code, 'a missing secret does not hold').toBe(4)
    expect(found).toContainEqual(
      expect.objectContaining({
        stands: 'warn',
        says: expect.stringMatching(/desk .*\(read_mail\).*\(lookup_account\).*\(send_reply\).*ruleOfTwo/),
      }),
    )
    const secrets = found.filter(({ name }) => name === 'secrets')
    expect(secrets).toMatchObject([{ stands: 'bad', says: expect.stringContaining('MAIL_KEY of send_reply') }])
    expect(JSON.stringify(secrets), 'the one that is there is not named').not.toContain('LEDGER_KEY')
  })
  test('say what is wrong with a configuration', async () => {
    writeFileSync(join(folder, 'pawl.config.ts'), 'export const config = { agents: [{}] }\n')
    const { code, out } = await here('doctor', '--json')
    expect(code).toBe(4)
    expect(out).toContain('an agent in it that was not made with agent({ … })')
  })
})

test('every command explains itself with an example', async () => {
  const help = await here('--help')
  const names = [...help.out.matchAll(/^ {2}(\w+) .*$/gm)].map(([, name]) => name ?? '')
  const commands = names.filter((name) => !/^\d+$/.test(name))
  expect(commands.length).toBeGreaterThanOrEqual(21)
  for (const name of commands) {
    const { code, out } = await here(name, '--help')
    expect([name, code]).toEqual([name, 0])
    expect(out).toContain('Examples:')
  }
})
