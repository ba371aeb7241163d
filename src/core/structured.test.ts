import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AssistantPart, FinishReason } from './message.ts'
import { readStructured } from './structured.ts'

const limits = { maxDepth: 64, maxBytes: 262_144 }

function read(text: string, finish: FinishReason = 'stop'): unknown {
  return readParts([{ type: 'text', text }], finish)
}

/** The value in a list, or the code of the problem. */
function readParts(parts: readonly AssistantPart[], finish: FinishReason = 'stop'): unknown {
  const structured = readStructured({ parts, finish, usage: null }, limits)
  return structured.type === 'value' ? [structured.value] : structured.code
}

function messageOf(text: string): string {
  const structured = readStructured({ parts: [{ type: 'text', text }], finish: 'stop', usage: null }, limits)
  return structured.type === 'value' ? 'a value' : structured.message
}

const plan = {
  goal: 'Deploy the service — 🚀 "blue"',
  tasks: [
    { id: 'T1', name: 'Déployer {VM}', dependsOn: [] },
    { id: 'T2', name: 'Run ```sh\nmake]\n```', dependsOn: ['T1'], input: { $from: 'T1', path: '/rows/0' }, cap: null },
  ],
}
const compact = JSON.stringify(plan)
const pretty = JSON.stringify(plan, null, 2)

describe('reading the one value of an answer', () => {
  test.each([
    ['alone', compact],
    ['over several lines', `\n${pretty}\n`],
    ['behind a byte order mark', `\ufeff${compact}`],
    ['in a fenced block', `\`\`\`json\n${pretty}\n\`\`\``],
    ['in a block without a label', `\`\`\`\n${pretty}\n\`\`\``],
    ['in a block with line ends of Windows', `Here:\r\n\`\`\`JSON\r\n${pretty}\r\n\`\`\`\r\n`],
    ['in an indented block between words', `Here it is:\n\n  \`\`\`json\n${pretty}\n  \`\`\`\n\nShall I go on?`],
    ['in a block that is not closed', `\`\`\`json\n${pretty}`],
    ['behind a block of something else', `\`\`\`sh\necho "hi" | jq '{a}'\n\`\`\`\n\`\`\`json\n${pretty}\n\`\`\``],
    ['between words', `Here is the plan: ${compact}. Shall I go on?`],
    ['behind words with brackets of their own', `As asked [1] for {name} (see [the docs]), here: ${compact} [2]`],
    ['as code within a line', `The plan is \`${compact}\`.`],
    ['behind words in another script', `计划：${compact}。`],
    ['with a closing fence alone', `${compact}\n\`\`\``],
    ['behind ticks within a line', `A block begins with \`\`\`\nand this is none: ${compact}`],
  ])('%s', (_where, text) => {
    expect(read(text)).toEqual([plan])
  })

  test('an array with a text in it may stand between words, other values only by themselves', () => {
    expect(read('Steps: ["a", "b"]')).toEqual([['a', 'b']])
    expect(['[]', '{}', '[1]', '"a"', '3', 'true', 'null'].map((text) => read(text))).toEqual([
      [[]],
      [{}],
      [[1]],
      ['a'],
      [3],
      [true],
      [null],
    ])
    expect(read('```json\n3\n```')).toEqual([3])
    expect(['It is [1].', 'It is {}.', 'It is "a".', 'true enough'].map((text) => read(text))).toEqual(
      Array(4).fill('unparsable'),
    )
  })

  test('a text in parts is one text, and reasoning is none of it', () => {
    const parts: AssistantPart[] = [
      { type: 'reasoning', text: 'Perhaps {"goal": "another"}' },
      { type: 'text', text: compact.slice(0, 20) },
      { type: 'other', kind: 'citations', providerData: { a: 1 } },
      { type: 'text', text: compact.slice(20) },
    ]
    expect(readParts(parts)).toEqual([plan])
  })

  test('NUL and lone surrogates become U+FFFD', () => {
    expect(read('{"a":"\\u0000\\ud83d"}')).toEqual([{ a: '\ufffd\ufffd' }])
  })
})

describe('an answer that is no value', () => {
  test('is empty without text', () => {
    expect([read(''), read(' \n\t'), readParts([]), readParts([{ type: 'reasoning', text: '{}' }])]).toEqual(
      Array(4).fill('empty'),
    )
  })

  test('is cut or refused where the provider says so, whatever the text looks like', () => {
    expect([read(compact, 'length'), read(compact, 'error'), read(compact, 'refusal')]).toEqual([
      'cut',
      'cut',
      'refusal',
    ])
    expect([read('', 'length'), read('', 'refusal'), read(compact, 'other')]).toEqual(['cut', 'refusal', [plan]])
  })

  test('has calls, also where a value stands beside them', () => {
    const call = { type: 'call', providerCallId: '1', tool: 'search', input: {} } as const
    const unread = {
      type: 'invalid_call',
      providerCallId: '1',
      tool: 'x'.repeat(999),
      inputText: '',
      problem: 'cut',
    } as const
    expect(readParts([{ type: 'text', text: compact }, call], 'tool_calls')).toBe('calls')
    expect(readParts([unread])).toBe('calls')
  })

  test.each([
    ['a key twice', '{"a":1,"a":2}'],
    ['a key of prototypes', '{"__proto__":{"a":1}}'],
    ['a number that a double cannot hold', '{"a":1e400}'],
    ['an integer beyond 2^53', '{"a":9007199254740993}'],
    ['too deep', `{"a":${'['.repeat(64)}${']'.repeat(64)}}`],
    ['a comma too many', `${compact.slice(0, -1)},}`],
    ['comments', '{"a":1 /* one */}'],
    ['keys without quotes around a value', '{goal: "x", tasks: [{"id":"T1"}]}'],
    ['quotes that are not double', "{'goal': 'x', 'tasks': [{'id': 'T1'}]}"],
    ['broken in a block', '```json\n{goal: "x", tasks: [\n{"id":"T1"}\n]}\n```'],
    ['a block within a broken text', '{"run": "\n```json\n{"a":"b"}\n```\n"}'],
    ['closed too early', '{"goal":"x","tasks":[{"id":"T1"}]}\n], "notes": "y"\n}'],
    ['closed too early, on one line', '{"goal":"x","tasks":[]},"notes":null}'],
    ['a value that something hangs on', 'plan={"goal":"x"}'],
    ['an element that hangs on', '{"goal":"x"},'],
    ['a wrapper that is cut', '{"plan": {"goal":"x"}'],
    ['a list that is cut', `[${compact}, ${compact}`],
    ['two values', `${compact}\n${compact}`],
    ['two blocks', `\`\`\`json\n${compact}\n\`\`\`\nor\n\`\`\`json\n${compact}\n\`\`\``],
    ['a value and a part of another', `${compact}\nThe first task is {"id":"T1"}.`],
    ['only words', 'I cannot plan that, sorry. [1]'],
    ['an empty block', '```json\n```'],
    ['a block of another language', '```yaml\ngoal: "x"\n```'],
  ])('is unparsable with %s', (_what, text) => {
    expect(read(text)).toBe('unparsable')
    expect(read(`Here: ${text}`)).toBe('unparsable')
  })

  test('says what was expected and what was found, never at length', () => {
    expect(messageOf('{"a":1,"a":2}')).toBe(
      'expected one JSON value, found one that cannot be read: at position 7: the key "a" stands twice in one object',
    )
    expect(messageOf('Sorry.')).toBe('expected one JSON value, found none in "Sorry."')
    expect(messageOf('{"a":"b"} {"c":"d"}')).toBe(
      'expected one JSON value and nothing else, found another piece: "{\\"c\\":\\"d\\"}"',
    )
    expect(messageOf('{"a":')).toMatch(/expected a value, found the end$/)
    expect(messageOf('x'.repeat(41))).toBe('expected one JSON value, found none in a text of 41 characters')
    expect(messageOf(`{"a":"b"} {"c":"${'d'.repeat(40)}"}`)).toBe(
      'expected one JSON value and nothing else, found another piece: a text of 48 characters',
    )
    for (const text of ['x', '{"a":"b"} ["', '{"']) expect(messageOf(text.repeat(1_000)).length).toBeLessThan(200)
  })

  test('is too long in bytes of UTF-8, words around the value counted', () => {
    const within = (text: string, maxBytes: number) =>
      readStructured({ parts: [{ type: 'text', text }], finish: 'stop', usage: null }, { maxDepth: 4, maxBytes }).type
    expect([within('é ["a"]', 8), within('é ["a"]', 7), within('["a"]', 5)]).toEqual(['value', 'problem', 'value'])
  })
})

test('a valid answer that is cut at any byte is a problem, or the value where the value is still whole', () => {
  const around: readonly (readonly [string, string])[] = [
    ['', ''],
    ['```json\n', '\n```\nDone.'],
    ['Here — [1] — is {it}: ', ' — as asked [2].'],
  ]
  for (const [before, after] of around) {
    for (const json of [compact, pretty]) {
      const bytes = Buffer.from(before + json + after)
      const whole = Buffer.byteLength(before + json)
      for (let at = 0; at <= bytes.length; at += 1) {
        const text = bytes.subarray(0, at).toString()
        const found = read(text)
        if (at >= whole) expect(found, text).toEqual([plan])
        else expect(found, text).toBe(at === 0 ? 'empty' : 'unparsable')
        expect(read(text, 'length')).toBe('cut')
      }
    }
  }
})

const pieces = fc.constantFrom(
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  ':',
  '"a"',
  '1',
  'x',
  ' ',
  '\n',
  '\\',
  '```',
  '```json\n',
  '\n```',
)

test('nothing is thrown, and no value is found that does not stand in the text as valid JSON', () => {
  const texts = fc.array(pieces, { maxLength: 14 }).map((parts) => parts.join(''))
  let values = 0
  fc.assert(
    fc.property(texts, (text) => {
      const found = read(text)
      if (!Array.isArray(found)) return ['empty', 'unparsable'].includes(String(found))
      values += 1
      return wholesIn(text).has(JSON.stringify(found[0]))
    }),
    { numRuns: 3_000, seed: 4 },
  )
  expect(values).toBeGreaterThan(20)
})

test('any bytes are read', () => {
  const text = fc.uint8Array({ maxLength: 60 }).map((bytes) => new TextDecoder().decode(bytes))
  const codes = ['empty', 'unparsable']
  fc.assert(
    fc.property(text, fc.jsonValue(), (words, value) => {
      const found = [read(words), read(`${words}{"a":${JSON.stringify(value)}}`), read(`{"a":"${words}"}`)]
      return found.every((one) => Array.isArray(one) || codes.includes(String(one)))
    }),
    { numRuns: 100 },
  )
})

test('a long hostile text takes time by its length: by the square of it this would not end', {
  timeout: 60_000,
}, () => {
  const wide = { maxDepth: 64, maxBytes: 4_000_000 }
  const hostile = [
    '[',
    '{',
    '[a]',
    '{"',
    '["',
    '```\n',
    '```',
    '```x y\n',
    '\n  ```json',
    '[]"',
    ']',
    '" [',
    '\\',
    ' ',
    '[`',
    '{"a":',
  ]
  for (const piece of hostile) {
    const text = piece.repeat(Math.floor(400_000 / piece.length))
    for (const around of [text, `${text}x`, `\`\`\`${text}`]) {
      const { type } = readStructured({ parts: [{ type: 'text', text: around }], finish: 'stop', usage: null }, wide)
      expect(type, piece).toBe('problem')
    }
  }
})

/** Every value that a piece of the text is by itself, as JSON. */
function wholesIn(text: string): ReadonlySet<string> {
  const found = new Set<string>()
  for (let start = 0; start < text.length; start += 1) {
    for (let end = start + 1; end <= text.length; end += 1) {
      try {
        found.add(JSON.stringify(JSON.parse(text.slice(start, end))))
      } catch {
        // No JSON.
      }
    }
  }
  return found
}

const suite = `${process.env['PAWL_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url))}/json-suites/JSONTestSuite.json.gz`
type Case = { readonly name: string; readonly expect: 'accept' | 'reject' | 'either'; readonly base64: string }

describe.skipIf(!existsSync(suite))('real input: JSONTestSuite', () => {
  const all: readonly Case[] = existsSync(suite) ? JSON.parse(gunzipSync(readFileSync(suite)).toString()) : []
  const cases = all.map(({ base64, ...rest }) => {
    return { ...rest, text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.from(base64, 'base64')) }
  })

  test('real input: JSONTestSuite: what the suite accepts is the value, in a block too', () => {
    /** Where this border is stricter than the grammar. */
    const stricter = ['y_object_duplicated_key', 'y_object_duplicated_key_and_value']
    const wrong = cases.flatMap(({ name, expect: wanted, text }) => {
      if (wanted !== 'accept') return []
      const values = [read(text), read(`\`\`\`json\n${text}\n\`\`\``)]
      return values.every((found) => Array.isArray(found) && sameValue(found[0], JSON.parse(text))) ? [] : [name]
    })
    expect(cases).toHaveLength(318)
    expect(wrong).toEqual(stricter)
  })

  test('real input: JSONTestSuite: what the suite refuses is a problem, but for a value with words beside it', () => {
    const accepted = cases.flatMap(({ name, expect: wanted, text }) => {
      return wanted === 'reject' && Array.isArray(read(text)) ? [name] : []
    })
    // An object, and then a word in quotes.
    expect(accepted).toEqual(['n_structure_object_with_trailing_garbage'])
  })
})

/** Equal as JSON writes them: -0 is 0, and what cannot stand in a log is U+FFFD. */
function sameValue(found: unknown, wanted: unknown): boolean {
  const written = (value: unknown) => JSON.stringify(value).replace(/\\u(?:0000|d[89a-f][0-9a-f]{2})/g, '\ufffd')
  return written(found) === written(wanted)
}
