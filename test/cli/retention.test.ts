/** Export, erase, prune and artifacts on the command line, over a store in a file. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import type { SessionRef, Store } from 'pawl/ports'
import { sqliteStore } from 'pawl/stores/sqlite'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { makeFolder, objects, pawl } from './pawl.ts'
import { CARD } from './payer.config.ts'

const payerConfig = fileURLToPath(new URL('./payer.config.ts', import.meta.url))

const said = vi.hoisted(() => ({ answer: false as unknown, asked: [] as string[] }))

/** A person who is asked. */
vi.mock('@clack/prompts', () => {
  const ask = async ({ message }: { message: string }) => {
    said.asked.push(message)
    return said.answer
  }
  return { isCancel: (answer: unknown) => typeof answer === 'symbol', confirm: ask, text: ask, select: ask }
})

let folder: string
let remove: () => void
beforeEach(() => {
  ;({ folder, remove } = makeFolder())
  said.answer = false
  said.asked = []
})
afterEach(() => remove())

const here = (...args: readonly string[]) => pawl(folder, ...args)
const inTerminal = (...args: readonly string[]) => pawl({ folder, isInteractive: true }, ...args)
const inFolder = (name: string) => join(folder, name)
const lines = (name: string) => objects(readFileSync(inFolder(name), 'utf8'))

async function withStore<Result>(use: (store: Store) => Promise<Result>): Promise<Result> {
  const store = sqliteStore(inFolder('.pawl/pawl.db'))
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

function change(statement: string): void {
  const database = new DatabaseSync(inFolder('.pawl/pawl.db'))
  database.exec(statement)
  database.close()
}

describe('an export', () => {
  test('of a session is a file that verify holds against its hashes, without a store', async () => {
    await here('run', 'triage', 'I was charged twice')
    const stored = objects((await here('events', 'last', '--json')).out)
    expect(await here('export', 'last', '--out', 'x.jsonl')).toMatchObject({ code: 0, notes: '' })
    const written = lines('x.jsonl')
    expect(written.filter(({ type }) => type === 'event').map(({ seq }) => seq)).toEqual(stored.map(({ seq }) => seq))
    expect(written.filter(({ type }) => type === 'definition')).toHaveLength(1)
    expect(statSync(inFolder('x.jsonl')).mode & 0o077, 'nobody else reads it').toBe(0)
    const elsewhere = await pawl('/', 'verify', '--file', inFolder('x.jsonl'))
    expect(elsewhere).toMatchObject({ code: 0, out: expect.stringContaining('every chain holds') })
    const changed = readFileSync(inFolder('x.jsonl'), 'utf8').replace('charged twice', 'charged thrice')
    writeFileSync(inFolder('x.jsonl'), changed)
    const broken = await here('verify', '--file', 'x.jsonl')
    expect(broken).toMatchObject({ code: 4, out: expect.stringContaining('broken at event 2') })
  })

  test('without a file goes to standard output, and is the same', async () => {
    await here('run', 'failing', 'x')
    await here('export', 'last', '--out', 'x.jsonl')
    const at = ({ at: _, ...line }: { readonly [field: string]: unknown }) => line
    const printed = objects((await here('export', 'last')).out)
    expect(printed.slice(1, -1)).toEqual(lines('x.jsonl').slice(1, -1))
    expect(at(printed[0] ?? {})).toEqual(at(lines('x.jsonl')[0] ?? {}))
  })

  test('of a tenant is one file, or one for each session in a folder, and has nothing of another', async () => {
    await here('run', 'failing', 'one', '--tenant', 'acme')
    await here('run', 'failing', 'two', '--tenant', 'acme')
    await here('run', 'failing', 'of another')
    await here('export', '--tenant', 'acme', '--out', 'all.jsonl')
    expect(lines('all.jsonl').filter(({ type }) => type === 'session')).toHaveLength(2)
    expect(readFileSync(inFolder('all.jsonl'), 'utf8')).not.toContain('of another')
    const { out } = await here('export', '--tenant', 'acme', '--out', 'acme/', '--json')
    expect(objects(out)).toMatchObject([{ type: 'written', tenant: 'acme', files: 2, sessions: 2 }])
    const files = readdirSync(inFolder('acme'))
    expect(files).toHaveLength(2)
    for (const file of files) expect((await here('verify', '--file', join('acme', file))).code).toBe(0)
    expect(await here('export', '--tenant', 'nobody')).toMatchObject({ code: 1, out: '' })
    expect(await here('export')).toMatchObject({ code: 2, notes: expect.stringContaining('--tenant') })
  })

  test('writes over nothing unless it is told to', async () => {
    await here('run', 'failing', 'x')
    writeFileSync(inFolder('x.jsonl'), 'mine')
    const refused = await here('export', 'last', '--out', 'x.jsonl')
    expect(refused).toMatchObject({ code: 1, notes: expect.stringContaining('--force') })
    expect(readFileSync(inFolder('x.jsonl'), 'utf8')).toBe('mine')
    expect(await here('export', 'last', '--out', 'x.jsonl', '--force')).toMatchObject({ code: 0 })
    expect(await here('verify', '--file', 'x.jsonl')).toMatchObject({ code: 0 })
  })

  test('into a folder that cannot be made says so, and nothing about the program', async () => {
    await here('run', 'failing', 'x')
    for (const out of ['pawl.config.ts/', 'pawl.config.ts/deeper/', 'pawl.config.ts/x.jsonl']) {
      const { code, notes } = await here('export', 'last', '--out', out)
      expect([out, code, notes]).toEqual([
        out,
        1,
        expect.stringMatching(/^pawl: expected to write .*Name another place\.\n?$/),
      ])
    }
  })

  test('that fails midway leaves nothing under its name, nor beside it', async () => {
    await here('run', 'triage', 'x')
    change(`UPDATE events SET kind = 'of_newer_code' WHERE seq = 5`)
    writeFileSync(inFolder('y.jsonl'), 'mine')
    for (const flags of [['x.jsonl'], ['y.jsonl', '--force'], ['folder/']]) {
      const failed = await here('export', 'last', '--mask', '--out', ...flags)
      expect(failed).toMatchObject({ code: 1, out: '', notes: expect.stringContaining('of_newer_code') })
    }
    expect(readdirSync(folder).toSorted()).toEqual(['.pawl', 'folder', 'pawl.config.ts', 'y.jsonl'])
    expect([readdirSync(inFolder('folder')), readFileSync(inFolder('y.jsonl'), 'utf8')]).toEqual([[], 'mine'])
  })

  test('has what is sensitive, and with --mask has it not; its chain holds either way', async () => {
    const payer = makeFolder(payerConfig)
    try {
      await pawl(payer.folder, 'run', 'payer', 'pay')
      await pawl(payer.folder, 'export', 'last', '--out', 'whole.jsonl')
      await pawl(payer.folder, 'export', 'last', '--out', 'masked.jsonl', '--mask')
      const textOf = (name: string) => readFileSync(join(payer.folder, name), 'utf8')
      expect(textOf('whole.jsonl')).toContain(CARD)
      expect(textOf('masked.jsonl')).not.toContain(CARD)
      expect(textOf('masked.jsonl')).toContain('[redacted:sensitive]')
      for (const name of ['whole.jsonl', 'masked.jsonl'])
        expect(await pawl(payer.folder, 'verify', '--file', name)).toMatchObject({ code: 0 })
    } finally {
      payer.remove()
    }
  })
})

describe('an erasure', () => {
  const asking = 'Erase '

  test('of a session asks, takes the content away, and leaves a chain that holds', async () => {
    await here('run', 'failing', 'my secret question')
    const before = objects((await here('verify', 'last', '--json')).out)
    expect(await inTerminal('erase', 'last')).toMatchObject({ code: 1, notes: 'Nothing was changed.\n' })
    expect((await here('show', 'last')).out).toContain('my secret question')
    said.answer = true
    const erased = await inTerminal('erase', 'last')
    expect(erased).toMatchObject({ code: 0, out: expect.stringContaining('erased 1 session') })
    expect(said.asked).toEqual([expect.stringContaining(asking), expect.stringContaining(asking)])
    const after = await here('verify', 'last', '--json')
    expect(after.code).toBe(0)
    expect(objects(after.out)).toMatchObject([{ check: before[0]?.['check'], isErased: true }])
    expect((await here('verify', 'last')).out).toContain('the session was erased')
    expect(await here('doctor')).toMatchObject({ out: expect.not.stringContaining('bodies of events are gone') })
    expect((await here('export', 'last')).out).not.toContain('my secret question')
    expect(await here('erase', 'last')).toMatchObject({ code: 0, out: expect.stringContaining('nothing to erase') })
  })

  test('leaves every command that would show it with one clear line', async () => {
    await here('run', 'failing', 'x')
    await here('erase', 'last', '--yes')
    const commands = [
      ...['show', 'events', 'trace', 'why', 'artifact', 'approve', 'plan show'].map((name) => `${name} last`),
      'events last --follow',
      'work --session last',
      'settle last --did-not',
    ]
    for (const command of commands) {
      const { code, out, notes } = await here(...command.split(' '))
      expect([command, code, out]).toEqual([command, 1, ''])
      expect(notes).toMatch(/^pawl: session \w{8} was erased at .*: its content is gone\. .*\n$/)
    }
    for (const command of ['send last hi', 'cancel last', 'extend last --tokens 5'])
      expect([command, await here(...command.split(' '))]).toMatchObject([command, { code: 1, out: '' }])
    expect(await here('export', 'last', '--mask')).toMatchObject({
      code: 0,
      out: expect.stringContaining('"body":null'),
    })
  })

  test('that a head only claims is no erasure: bodies that are left are found, in the store and in an export', async () => {
    await here('run', 'failing', 'x')
    change(`UPDATE sessions SET status = 'erased', erased_at = 1`)
    await here('export', 'last', '--out', 'x.jsonl')
    for (const flags of [['last'], [], ['--file', 'x.jsonl']])
      expect(await here('verify', ...flags)).toMatchObject({ code: 4, out: expect.stringMatching(/\d bodies left/) })
    change('UPDATE events SET body = NULL, salt = NULL WHERE seq > 1')
    expect(await here('verify')).toMatchObject({ code: 4, out: expect.stringContaining('1 body left') })
    expect(await here('doctor')).toMatchObject({ code: 4 })
    expect(await here('erase', 'last', '--yes')).toMatchObject({ out: expect.stringContaining('1 event') })
    expect(await here('verify')).toMatchObject({ code: 0 })
    expect(await here('erase', 'last', '--yes')).toMatchObject({ out: expect.stringContaining('nothing to erase') })
  })

  test('is listed as such', async () => {
    await here('run', 'failing', 'x')
    await here('erase', 'last', '--yes')
    expect(objects((await here('sessions', '--json', '--status', 'erased')).out)).toMatchObject([{ status: 'erased' }])
    expect(await here('sessions')).toMatchObject({ code: 0, out: expect.stringContaining('erased') })
  })

  test('needs --yes where nobody can be asked', async () => {
    await here('run', 'failing', 'x')
    expect(await here('erase', 'last')).toMatchObject({ code: 2, notes: expect.stringContaining('expected --yes') })
    expect(await inTerminal('erase', 'last', '--json')).toMatchObject({ code: 2 })
    expect((await here('why', 'last')).code).toBe(0)
  })

  test('of a session that is open says how, and does it at the word', async () => {
    await here('run', 'triage', 'x')
    const refused = await here('erase', 'last', '--yes')
    expect(refused).toMatchObject({ code: 1, notes: expect.stringContaining('blocked(approval)') })
    expect(refused.notes).toContain('pawl cancel')
    expect(await here('approvals', '--json')).toMatchObject({ out: expect.stringContaining('a1') })
    expect(await here('erase', 'last', '--yes', '--even-if-open')).toMatchObject({ code: 0 })
    expect((await here('approvals', '--json')).out).toBe('')
  })

  test('that leaves traces, because the file could not be written anew, says both, and is finished by saying it again', async () => {
    await here('run', 'failing', 'one', '--tenant', 'acme')
    await here('run', 'failing', 'two')
    const exec = DatabaseSync.prototype.exec
    let scrubs = 0
    let isFull = true
    const disk = vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function (this: DatabaseSync, text) {
      if (text !== 'VACUUM') return exec.call(this, text)
      scrubs += 1
      if (isFull) throw Object.assign(new Error('database or disk is full'), { errcode: 13 })
    })
    const again = async (...command: readonly string[]) => {
      scrubs = 0
      isFull = false
      expect(await here(...command)).toMatchObject({ code: 0, out: expect.stringContaining('nothing to erase') })
      expect(scrubs).toBe(1)
      isFull = true
    }
    const traces = /It is erased, and traces of it may be left; try again\.\n?$/
    try {
      for (const whose of [['last'], ['--tenant', 'acme']]) {
        expect(await here('erase', ...whose, '--yes')).toMatchObject({
          code: 1,
          out: expect.stringContaining('erased 1 session'),
          notes: expect.stringMatching(traces),
        })
        await again('erase', ...whose, '--yes')
      }
      expect(await here('prune', '--older-than', '1d', '--yes')).toMatchObject({
        code: 1,
        notes: expect.stringMatching(traces),
      })
      await again('prune', '--older-than', '1d', '--yes')
    } finally {
      disk.mockRestore()
    }
  })

  test('of a tenant names what is open and erases nothing; else all of it, once its name is typed', async () => {
    await here('run', 'failing', 'one', '--tenant', 'acme')
    await here('run', 'triage', 'two', '--tenant', 'acme')
    await here('run', 'failing', 'of another')
    const refused = await here('erase', '--tenant', 'acme', '--yes')
    expect(refused).toMatchObject({ code: 1, notes: expect.stringMatching(/open are \w{8} \(blocked\(approval\)\)\./) })
    expect(objects((await here('sessions', '--json', '--status', 'erased')).out)).toEqual([])
    said.answer = 'acmee'
    expect(await inTerminal('erase', '--tenant', 'acme', '--even-if-open')).toMatchObject({ code: 1 })
    said.answer = 'acme'
    const erased = await inTerminal('erase', '--tenant', 'acme', '--even-if-open')
    expect(erased).toMatchObject({ code: 0, out: expect.stringContaining('erased 2 sessions') })
    const statuses = objects((await here('sessions', '--json')).out).map(({ tenant, status }) => [tenant, status])
    expect(statuses).toEqual([
      ['default', 'failed'],
      ['acme', 'erased'],
      ['acme', 'erased'],
    ])
    expect(await here('erase')).toMatchObject({ code: 2 })
    expect(await here('erase', '--tenant', 'nobody', '--yes')).toMatchObject({ code: 1 })
  })
})

describe('pruning', () => {
  const DAY = 86_400_000
  /** The clock of this machine, so many days later. */
  const later = (days: number) => vi.spyOn(Date, 'now').mockReturnValue(Date.now() + days * DAY)
  afterEach(() => vi.restoreAllMocks())

  const statuses = async () => objects((await here('sessions', '--json')).out).map(({ status }) => status)

  test('erases what ended long ago, and never what waits for people', async () => {
    await here('run', 'failing', 'one')
    await here('run', 'triage', 'two')
    expect(await here('prune', '--older-than', '30d', '--yes')).toMatchObject({ code: 0 })
    expect(await statuses()).toEqual(['blocked(approval)', 'failed'])
    later(31)
    const counted = await here('prune', '--older-than', '30d', '--dry-run', '--json')
    expect(objects(counted.out)).toMatchObject([{ type: 'prunable', counts: [{ status: 'failed', sessions: 1 }] }])
    expect(await statuses()).toEqual(['blocked(approval)', 'failed'])
    const pruned = await here('prune', '--older-than', '30d', '--yes', '--json')
    expect(objects(pruned.out).at(-1)).toMatchObject({ type: 'pruned', sessions: 1, artifacts: 0, orphans: 0 })
    expect(await statuses()).toEqual(['blocked(approval)', 'erased'])
    expect(await here('verify')).toMatchObject({ code: 0, out: expect.stringContaining('(1 erased)') })
  })

  test('asks first, and is for one tenant and some statuses where that was said', async () => {
    await here('run', 'failing', 'one', '--tenant', 'acme')
    await here('run', 'failing', 'two')
    await here('run', 'failing', 'three')
    await here('cancel', 'last')
    later(2)
    expect(await here('prune', '--older-than', '1d')).toMatchObject({ code: 2, out: expect.stringContaining('failed') })
    expect(await inTerminal('prune', '--older-than', '1d')).toMatchObject({ code: 1 })
    expect(said.asked).toEqual([expect.stringContaining('Erase 3 sessions?')])
    expect(await here('prune', '--older-than', '1d', '--status', 'done,cancelled', '--yes')).toMatchObject({
      out: expect.stringContaining('nothing to erase'),
    })
    await here('prune', '--older-than', '1d', '--tenant', 'acme', '--yes')
    expect(await statuses()).toEqual(['failed', 'failed', 'erased'])
    said.answer = true
    expect(await inTerminal('prune', '--older-than', '1d')).toMatchObject({ code: 0 })
    expect(await statuses()).toEqual(['erased', 'erased', 'erased'])
  })

  test('takes artifacts that no session names, once they are old', async () => {
    await here('run', 'failing', 'one')
    const bytes = Buffer.from('an output that no event has named')
    const hash = createHash('sha256').update(bytes).digest('hex')
    await withStore((store) => store.saveArtifact('default', { hash, mediaType: 'text/plain; charset=utf-8', bytes }))
    const swept = async () => {
      const { out } = await here('prune', '--older-than', '400d', '--yes', '--json')
      return objects(out).at(-1)?.['orphans']
    }
    expect(await swept()).toBe(0)
    later(2)
    expect(await swept()).toBe(1)
  })

  test('needs an age, and is never for what has not ended', async () => {
    expect(await here('prune')).toMatchObject({ code: 2, notes: expect.stringContaining('--older-than') })
    for (const age of ['long', '0d', '-1d', '1.5d', 'd', '30', '9007199254740991w'])
      await expect(here('prune', '--older-than', age)).rejects.toMatchObject({ code: 'usage', exit: 'usage' })
    for (const status of ['running', 'blocked', 'waiting', 'erased', ''])
      await expect(here('prune', '--older-than', '1d', '--status', status)).rejects.toThrow('never pruned')
  })
})

describe('artifacts', () => {
  const content = JSON.stringify({ rows: ['Zoë’s café 🌍', '\u001b[31mred'] })
  const bytes = Buffer.from(content)
  const hash = createHash('sha256').update(bytes).digest('hex')
  const artifact = { hash, mediaType: 'application/json', bytes: bytes.length }

  /** The log of a session, with an output of one of its calls kept beside it. */
  async function withArtifact(store: Store, from: SessionRef, sessionId = 'with-artifact'): Promise<void> {
    const ref = { ...from, sessionId }
    const events = (await store.read(from, 0, 1_000)).map(({ kind, format, body }) => {
      const event: { readonly callId?: string } = JSON.parse(body ?? '{}')
      const isIt = kind === 'call_finished' && event.callId === 'c2'
      return { kind, format, body: JSON.stringify(isIt ? { ...event, artifact } : event) }
    })
    await store.saveArtifact(ref.tenant, { ...artifact, bytes })
    await store.create({ ref, agent: 'triage', events: events.slice(0, 2), status: 'running' })
    const head = { status: 'failed', gate: 'final', artifacts: [hash] } as const
    await store.append({ ref, version: 2, fence: null, at: null, events: events.slice(2), head })
  }

  beforeEach(async () => {
    await here('run', 'triage', 'x')
    await withStore(async (store) => {
      const [{ tenant, sessionId } = { tenant: '', sessionId: '' }] = await store.sessions({ limit: 1 })
      await withArtifact(store, { tenant, sessionId })
    })
  })

  test('are listed with their call, their size, and whether the content is there', async () => {
    const { code, out } = await here('artifact', 'with-artifact')
    expect(code).toBe(0)
    expect(out).toContain(hash.slice(0, 16))
    expect(out).toMatch(/lookup_billing_account +c2 +\d+ B +application\/json +private +\d+ +there/)
    const listed = objects((await here('artifact', 'with-artifact', '--json')).out)
    expect(listed).toMatchObject([{ ...artifact, callId: 'c2', tool: 'lookup_billing_account', isThere: true }])
  })

  test('are given byte by byte, by the beginning of their id', async () => {
    expect((await here('artifact', 'with-artifact', hash.slice(0, 6))).out).toBe(content)
    expect(await here('artifact', 'with-artifact', hash.slice(0, 16), '--out', 'a.json')).toMatchObject({ code: 0 })
    expect(readFileSync(inFolder('a.json'), 'utf8')).toBe(content)
    const again = await here('artifact', 'with-artifact', hash, '--out', 'a.json')
    expect(again).toMatchObject({ code: 1, notes: expect.stringContaining('--force') })
    const none = await here('artifact', 'with-artifact', 'xyz')
    expect(none).toMatchObject({ code: 1, notes: expect.stringContaining('none of 1') })
  })

  test('go with an export, and its file is held against their hashes', async () => {
    await here('export', 'with-artifact', '--out', 'x.jsonl')
    expect(await here('verify', '--file', 'x.jsonl')).toMatchObject({ code: 0 })
    expect(lines('x.jsonl')).toContainEqual({ type: 'artifact', ...artifact, content: bytes.toString('base64') })
  })

  test('go with an erasure, and only when the last session that names them is erased', async () => {
    await withStore((store) => withArtifact(store, { tenant: 'default', sessionId: 'with-artifact' }, 'another'))
    await here('erase', 'with-artifact', '--yes')
    expect((await here('artifact', 'another', hash)).out).toBe(content)
    const { out } = await here('erase', 'another', '--yes', '--json')
    expect(objects(out)).toEqual([{ type: 'erased', sessions: 1, events: expect.any(Number), artifacts: 1, before: 0 }])
    await withStore(async (store) => expect(await store.artifact('default', hash)).toBeNull())
  })
})
