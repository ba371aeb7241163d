/** How other systems write a value. Written apart from the runtime's own list: what it forgets has to be found here. */

export type Writing = {
  readonly name: string
  /** The value as it would stand in an answer, perhaps with neighbours. */
  write(value: string): string
  /** What of it can be searched for, whatever its neighbours are. */
  trace(value: string): string
}

const same = (name: string, write: (value: string) => string): Writing => ({ name, write, trace: write })
const json = (value: string) => JSON.stringify(value).slice(1, -1)
const percent = (value: string) => [...Buffer.from(value)].map((byte) => `%${hex(byte)}`).join('')
const hex = (byte: number) => byte.toString(16).padStart(2, '0').toUpperCase()
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

type Alphabet = 'base64' | 'base64url'
type Charset = 'utf8' | 'utf16le'

function base64(before: number, alphabet: Alphabet, charset: Charset): Writing {
  const around = (value: string, byte: number) =>
    Buffer.concat([Buffer.alloc(before, byte), Buffer.from(value, charset), Buffer.alloc(3, byte)]).toString(alphabet)
  return {
    name: `${alphabet}${charset === 'utf8' ? '' : ' of UTF-16'} behind ${before}`,
    write: (value) => around(value, 0x55),
    trace: (value) => common(around(value, 0x00), around(value, 0xff)),
  }
}

/** The longest run that two texts of one length share in place: what neighbours do not change. */
function common(one: string, other: string): string {
  const runs = [...one]
    .map((letter, index) => (letter === other[index] ? letter : ' '))
    .join('')
    .split(' ')
  return runs.reduce((longest, run) => (run.length > longest.length ? run : longest), '')
}

export const writings: readonly Writing[] = [
  same('plain', (value) => value),
  same('JSON', json),
  same('JSON in JSON', (value) => json(json(value))),
  same('JSON of PHP', (value) => json(value).replaceAll('/', '\\/')),
  same('percent', encodeURIComponent),
  same('percent in small letters', (value) => encodeURIComponent(value).replace(/%../g, (code) => code.toLowerCase())),
  same('percent throughout', percent),
  same('form', (value) => new URLSearchParams([['', value]]).toString().slice(1)),
  same('HTML', (value) => value.replace(/[&<>"']/g, (letter) => entities[letter] ?? letter)),
  same('hex', (value) => Buffer.from(value).toString('hex')),
  same('HEX', (value) => [...Buffer.from(value)].map(hex).join('')),
  same('hex of UTF-16', (value) => Buffer.from(value, 'utf16le').toString('hex')),
  ...[0, 1, 2].flatMap((before) => [
    base64(before, 'base64', 'utf8'),
    base64(before, 'base64url', 'utf8'),
    base64(before, 'base64', 'utf16le'),
  ]),
]

/** Everything that would show a value: each writing, as it is and as a log keeps it inside a JSON string. */
export function tracesOf(value: string): readonly string[] {
  const traces = writings.map(({ trace }) => trace(value))
  return [...new Set(traces.flatMap((trace) => [trace, json(trace), json(json(trace))]))]
}
