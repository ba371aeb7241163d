/** Texts that have hurt somebody before: each is a case of its own, and a seed of the mutated ones. */
import { dataFolder, readJsonFile } from '../worlds/data-files.ts'

const suites = dataFolder('json-suites')

/** Valid texts of the shapes that models and tools write. They are cut at every byte. */
export const seedTexts: readonly string[] = [
  '{"orderId":"W2378156","items":["4896585277","7811981098"],"paymentMethodId":"credit_card_9513926"}',
  '{"amount":299.5,"currency":"EUR","note":"Zurück — 10 € \\u00e9 \\ud83d\\ude00","force":false,"parent":null}',
  '[[],[{}],[[[]]],{"a":{"b":{"c":[1,-0,1e22,0.1,1E-7]}}}]',
  '{"":"","a b":[true,false,null],"\\n\\t\\"\\\\\\/":"\\b\\f\\r"}',
  '"just a text with 😀 and \u2028 in it"',
  '{"toString":1,"then":2,"toJSON":3,"hasOwnProperty":4,"valueOf":{"length":5},"__defineGetter__":6}',
  '  { "spaced" : [ 1 , 2 , { "x" : "y" } ] }\r\n',
  '-12.5e+3',
]

/** Pieces that mutations put in. */
export const hostilePieces: readonly string[] = [
  '"__proto__":{"polluted":true},',
  '"constructor":{"prototype":{"polluted":1}},',
  '"prototype":1,',
  '"toString":',
  '"\\u005f_proto__":',
  '"a":1,"a":2,',
  '\\u0000',
  '\\ud800',
  '\\udc00\\ud83d',
  '\u0000',
  '\ufeff',
  '\u2028',
  '\u2029',
  '\u00a0',
  '\ud83d',
  '\udc00',
  '1e400',
  '-1e400',
  '1e-400',
  '-0',
  '9007199254740993',
  '-9007199254740992',
  '1e20',
  '1e21',
  '123456789012345678901234567890',
  '0.1e1',
  '00',
  '+1',
  '.5',
  '1.',
  'NaN',
  'Infinity',
  'undefined',
  'True',
  '[[[[[[[[[[[[[[[[',
  ']]]]]]]]',
  '{"a":{"a":{"a":',
  '}}}}',
  ',',
  ':',
  '"',
  '\\',
  '\\x',
  '\\u12',
  '\\u{1F600}',
  '//',
  '/*',
  "'",
  '`',
  '\n',
  '\t',
  '\u0007',
  '\u007f',
  '{}',
  '[]',
  '""',
  'null',
  'true',
  '$ref',
  '<|end|>',
  '\\"',
  '\u0430',
]

type Saved = { readonly name: string; readonly text: string }

/** Small ones; the big ones are in `big-cases.ts`. */
export function savedTexts(): readonly Saved[] {
  return [
    ...hostilePieces.map((text) => ({ name: `alone: ${JSON.stringify(text)}`, text })),
    ...hostilePieces.map((text) => ({ name: `in a list: ${JSON.stringify(text)}`, text: `[${text}]` })),
    ...hostilePieces.map((text) => ({ name: `as text: ${JSON.stringify(text)}`, text: `{"a":"${text}"}` })),
    ...hostilePieces.map((text) => ({ name: `as key: ${JSON.stringify(text)}`, text: `{"${text}":1,"b":[2]}` })),
    ...hostilePieces.map((text) => ({ name: `in an object: ${JSON.stringify(text)}`, text: `{${text}"z":1}` })),
    ...[63, 64, 65, 1_000, 100_000].flatMap((depth) => [
      { name: `lists, ${depth} deep`, text: '['.repeat(depth) + ']'.repeat(depth) },
      { name: `objects, ${depth} deep`, text: `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}` },
      { name: `lists that never close, ${depth} deep`, text: '['.repeat(depth) },
      { name: `objects that never close, ${depth} deep`, text: '{"a":'.repeat(depth) },
    ]),
    ...[262_141, 262_142, 262_143, 262_144].map((length) => ({
      name: `a text of ${length}`,
      text: JSON.stringify('x'.repeat(length - 2)),
    })),
    { name: 'the same key by another spelling', text: '{"a":1,"\\u0061":2}' },
    { name: 'two keys that are one once repaired', text: '{"\\ud800":1,"\\udfff":2}' },
    { name: 'a JSON text inside a text', text: JSON.stringify(JSON.stringify({ a: '{"b":1}' })) },
    ...suiteTexts(),
  ]
}

export const hasSuite: boolean = suites !== undefined

function suiteTexts(): readonly Saved[] {
  if (suites === undefined) return []
  // The shape is that of the suite's own description.
  const cases = readJsonFile(suites, 'JSONTestSuite.json.gz') as readonly {
    name: string
    base64: string
  }[]
  return cases.map(({ name, base64 }) => ({
    name: `JSONTestSuite ${name}`,
    text: textOf(Buffer.from(base64, 'base64')),
  }))
}

/** As an adapter decodes what comes over a wire. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}
