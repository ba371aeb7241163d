import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../core/index.ts'
import type { LiveDelta } from './activation.ts'
import { createRedactor } from './redact.ts'
import { createDeltas } from './redact-deltas.ts'
import { encodingsOf } from './redact-encodings.ts'
import { createFinder } from './redact-find.ts'
import { redactProblem } from './redact-problem.ts'

function redactorFor(...values: readonly string[]) {
  const needles = values.flatMap((value) => encodingsOf(value).map((text) => ({ text, name: 'KEY' })))
  return createRedactor({ finder: needles.length === 0 ? null : createFinder(needles) })
}

/** Values as vaults have them: mixed, long enough, none of the words of a mark. */
const value = fc
  .string({ unit: fc.constantFrom(...'abXY019+/=-_&"<\' %é€\\'), minLength: 8, maxLength: 40 })
  .filter((text) => text.trim().length >= 8)
const filler = fc.string({ unit: fc.constantFrom(...'mnopq rstu\n{}[]:,'), maxLength: 60 })

/** The ways in which other systems write it, by other code than ours. */
const written: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  'in JSON': (text) => JSON.stringify(text).slice(1, -1),
  'in JSON in JSON': (text) => JSON.stringify(JSON.stringify(text)).slice(3, -3),
  percent: encodeURIComponent,
  form: (text) => new URLSearchParams({ k: text }).toString().slice(2),
  hex: (text) => Buffer.from(text).toString('hex'),
  HEX: (text) => Buffer.from(text).toString('hex').toUpperCase(),
  'UTF-16 hex': (text) => Buffer.from(text, 'utf16le').toString('hex'),
  base64: (text) => Buffer.from(text).toString('base64').replace(/=+$/, ''),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  'PowerShell base64': (text) => Buffer.from(text, 'utf16le').toString('base64').replace(/=+$/, ''),
}

describe('values', () => {
  test.each(Object.entries(written))('one that is written %s is found wherever it stands', (_, write) => {
    fc.assert(
      fc.property(value, filler, filler, (secret, before, after) => {
        const redacted = redactorFor(secret).text(`${before}${write(secret)}${after}`)
        expect(redacted).not.toContain(write(secret))
        expect(redacted).toContain('[redacted:')
      }),
      { numRuns: 60 },
    )
  })

  test('one within longer bytes is found in their base64, wherever it begins', () => {
    fc.assert(
      fc.property(value, fc.uint8Array({ maxLength: 8 }), fc.uint8Array({ maxLength: 8 }), (secret, before, after) => {
        const bytes = Buffer.concat([before, Buffer.from(secret), after])
        for (const encoded of [bytes.toString('base64'), bytes.toString('base64url')]) {
          const redacted = redactorFor(secret).text(encoded)
          expect(redacted).toContain('[redacted:KEY]')
          // What is left are the neighbours, with four bits at most of the value on either side.
          expect(redacted.replace('[redacted:KEY]', '').length).toBeLessThanOrEqual(
            Math.ceil((before.length * 4) / 3) + Math.ceil((after.length * 4) / 3) + 6,
          )
        }
      }),
      { numRuns: 100 },
    )
  })

  test('redacting twice changes nothing more, whatever stands side by side', () => {
    const text = fc.array(fc.oneof(value, filler, fc.constantFrom('[redacted:KEY]', '[red', 'KEY]')), { maxLength: 12 })
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 3 }), text, (secrets, pieces) => {
        const redactor = redactorFor(...secrets)
        const once = redactor.text([...pieces, ...secrets, ...pieces].join(''))
        expect(redactor.text(once)).toBe(once)
        for (const secret of secrets) expect(once).not.toContain(secret)
      }),
    )
  })

  test('what holds none is the same string, and the same object', () => {
    const redactor = redactorFor('hunter2-hunter2')
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (json, text) => {
        // JSON, made by fast-check.
        const given = json as Json
        expect(redactor.json(given)).toBe(given)
        expect(redactor.text(text)).toBe(text)
      }),
    )
  })

  test('keys, numbers and nested texts are redacted; two keys that become the same stay two', () => {
    const redactor = redactorFor('hunter2-hunter2', '84930217')
    const given = { 'hunter2-hunter2': 1, 'a hunter2-hunter2': [84_930_217, { x: 'is aHVudGVyMi1odW50ZXIy' }], n: 7 }
    expect(redactor.json(given)).toEqual({
      '[redacted:KEY]': 1,
      'a [redacted:KEY]': ['[redacted:KEY]', { x: 'is [redacted:KEY]' }],
      n: 7,
    })
    expect(Object.keys(redactor.json({ 'hunter2-hunter2': 1, '68756e746572322d68756e74657232': 2 }))).toEqual([
      '[redacted:KEY]',
      '[redacted:KEY] 2',
    ])
  })

  test('one that the runtime has cut at the end of a text is redacted too, down to six characters of it', () => {
    const redactor = redactorFor('correct-horse-battery')
    expect(redactor.shortened('it said: correct-ho', 19)).toBe('it said: [redacted:cut]')
    expect(redactor.shortened('it said: correct-ho', 20)).toBe('it said: [redacted:cut]')
    expect(redactor.shortened('it said: corre', 14)).toBe('it said: corre')
    expect(redactor.shortened('it said: correct-horse-battery', 99)).toBe('it said: [redacted:KEY]')
  })

  test.each([
    ['postgres://app:pAssw0rd99@db/main', 'runs on postgres'],
    ['https://hooks.example.com/services/T0/abc', 'docs are at https://hooks.example.com/'],
    ['Server=db1;User Id=app;Password=x', 'Restart the Server'],
    ['{"type":"service_account","private_key":"abc"}', '{"type"'],
    ['mongodb+srv://u:pppppp@h', 'mongodb'],
  ])('a text that ends like the beginning of %s by chance stays as it is', (secret, text) => {
    const redactor = redactorFor(secret)
    expect(redactor.text(text)).toBe(text)
    expect(redactor.json({ [text]: [text] })).toEqual({ [text]: [text] })
    expect(redactor.shortened(text, 500)).toBe(text)
  })

  test('as many as a process may know are looked for at once', () => {
    const needles = Array.from({ length: 150_000 }, (_, index) => ({ text: `value-number-${index}`, name: 'KEY' }))
    expect(createRedactor({ finder: createFinder(needles) }).text('is value-number-149999.')).toBe('is [redacted:KEY].')
  })

  test('many short ones do not blow a text up past what an event takes', () => {
    const redacted = redactorFor('abc123').json(Array.from({ length: 50_000 }, () => 'abc123'))
    expect(JSON.stringify(redacted).length).toBeLessThan(50_000 * 9 + 4_096)
    expect(JSON.stringify(redacted)).not.toContain('abc123')
  })

  test('the password of a connection string and the long lines of a value are hidden by themselves', () => {
    const redactor = redactorFor('postgres://app:s3cr3t%2Fpw@db.internal/app', 'line one is long enough\nshort')
    expect(redactor.text('authentication failed for s3cr3t/pw')).toBe('authentication failed for [redacted:KEY]')
    expect(redactor.text('> line one is long enough <')).toBe('> [redacted:KEY] <')
  })
})

describe('deltas', () => {
  const piece = { type: 'text_delta', taskId: 'root', turn: 1, attempt: 1 } as const

  test('a value split over pieces of any size does not slip through, and nothing else is lost', () => {
    fc.assert(
      fc.property(
        value,
        filler,
        filler,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        (secret, before, after, sizes) => {
          const redactor = redactorFor(secret)
          const given: LiveDelta[] = []
          const deltas = createDeltas(
            () => redactor,
            (delta) => given.push(delta),
          )
          const text = `${before}${secret}${after}`
          for (let at = 0, n = 0; at < text.length; n += 1) {
            const size = sizes[n % sizes.length] ?? 1
            deltas.push({ ...piece, text: text.slice(at, at + size) })
            at += size
          }
          deltas.flush('whole')
          const told = given.map((delta) => delta.text).join('')
          expect(told).not.toContain(secret)
          expect(told.startsWith(before.slice(0, 1))).toBe(true)
          expect(told).toContain('[redacted:')
        },
      ),
    )
  })

  test('a token split into letters, and behind a word, goes out as its mark', () => {
    const token = `ghp_${'a1B2'.repeat(9)}`
    const told = (texts: readonly string[]) => {
      const given: string[] = []
      const deltas = createDeltas(
        () => createRedactor({ finder: null }),
        ({ text }) => given.push(text),
      )
      for (const text of texts) deltas.push({ ...piece, text })
      deltas.flush('whole')
      return given.join('|')
    }
    expect(told(['use ', ...token, ' now'])).toBe('use |g|[redacted:github_token] now')
    expect(told(['Bearer ', 'abcdefghij0123456789', ' ok'])).toBe('Bearer [redacted:bearer] ok')
    expect(told(['one', ' two', ' three'])).toBe('one| two| three')
    const url = ['see https', ':', '/', '/ada', ':open', 'sesame', '@x', '.example', '/a', '/b']
    expect(told(url).replaceAll('|', '')).toBe('see https://ada:[redacted:url_password]@x.example/a/b')
    expect(told([...url.join('')]).replaceAll('|', '')).not.toContain('open')
    expect(told(['see https://x', '.example', '/a', '/b?', 'c=d'])).toBe('see https|://x.example/a|/b?|c=d')
  })

  test('a piece of another kind between does not help a value through', () => {
    const redactor = redactorFor('hunter2-hunter2')
    const given: string[] = []
    const deltas = createDeltas(
      () => redactor,
      ({ text }) => given.push(text),
    )
    deltas.push({ ...piece, text: 'it is hunter2-' })
    deltas.push({ ...piece, type: 'reasoning_delta', text: 'hm' })
    deltas.push({ ...piece, text: 'hunter2' })
    deltas.flush('whole')
    expect(given.join('|')).not.toContain('hunter2')
  })

  test('an answer that is whole may end like a value; one that was given up may have been cut in one', () => {
    const told = (how: 'whole' | 'cut') => {
      const given: string[] = []
      const redactor = redactorFor('postgres://app:pAssw0rd99@db/main')
      const deltas = createDeltas(
        () => redactor,
        ({ text }) => given.push(text),
      )
      deltas.push({ ...piece, text: 'it runs on postgres' })
      deltas.flush(how)
      return given.join('')
    }
    expect(told('whole')).toBe('it runs on postgres')
    expect(told('cut')).toBe('it runs on [redacted:cut]')
  })
})

describe('problems', () => {
  test('message, stack, cause and fields are cleaned in a copy of the same class; a clean one is handed on as it is', () => {
    const redactor = redactorFor('hunter2-hunter2')
    class VendorError extends Error {
      readonly body = { headers: ['hunter2-hunter2'] }
    }
    const inner = new Error('key hunter2-hunter2 refused')
    const problem = new VendorError('call failed', { cause: inner })
    const cleaned = redactProblem(redactor, problem)
    expect(cleaned).toBeInstanceOf(VendorError)
    expect(cleaned).toMatchObject({ message: 'call failed', body: { headers: ['[redacted:KEY]'] } })
    expect(JSON.stringify(Object.getOwnPropertyDescriptors(cleaned))).not.toContain('hunter2')
    expect(inner.message).toContain('hunter2')
    const fine = new Error('nothing')
    expect(redactProblem(redactor, fine)).toBe(fine)
  })

  test('what hides its fields is replaced by what a console would show of it, without secrets', () => {
    const redactor = redactorFor('hunter2-hunter2')
    const fetched = Object.assign(new Error('401'), {
      url: new URL('https://x.example/?k=hunter2-hunter2'),
      headers: new Headers({ authorization: 'hunter2-hunter2' }),
      matcher: /hunter2-hunter2/,
      boxed: Object('hunter2-hunter2'),
      handler: Object.assign(() => 1, { key: 'hunter2-hunter2' }),
      body: new TextEncoder().encode('hunter2-hunter2').buffer,
      aborted: new DOMException('hunter2-hunter2'),
      fine: new URL('https://y.example/'),
    })
    const cleaned = redactProblem(redactor, fetched)
    expect(inspect(cleaned, { depth: 9 })).not.toContain('hunter2')
    expect(cleaned).toMatchObject({ message: '401', url: expect.stringContaining('k=[redacted:KEY]') })
    expect(cleaned).toHaveProperty('fine', fetched.fine)
  })

  test('whatever it is, it is never thrown again', () => {
    const looped: { self?: unknown; secret: string } = { secret: 'hunter2-hunter2' }
    looped.self = looped
    const hostile = Object.defineProperty({}, 'x', {
      enumerable: true,
      get: () => {
        throw new Error('no')
      },
    })
    for (const problem of [
      looped,
      hostile,
      null,
      7n,
      Symbol('s'),
      () => 1,
      new Map([['k', 'hunter2-hunter2']]),
      Buffer.from('hunter2-hunter2'),
    ])
      expect(
        String(
          JSON.stringify(
            redactProblem(redactorFor('hunter2-hunter2'), problem),
            (_, v) => (typeof v === 'bigint' || v === looped.self ? 'x' : v),
            0,
          ) ?? '',
        ),
      ).not.toContain('hunter2')
  })
})
