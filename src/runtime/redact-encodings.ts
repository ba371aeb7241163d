/** The ways in which a value can stand in a text. */

/** What is shorter occurs in texts by chance, and hiding it would shred them. */
export const MIN_SECRET_CHARACTERS = 6
/** Of a value of several lines: a line of this length is worth hiding by itself. */
const MIN_LINE_CHARACTERS = 16

/**
 * The value plain, as JSON writes it (once and twice, ASCII only, with `\/`, with `<` as `\u003c`), percent-encoded, HTML-escaped,
 * and its bytes in UTF-8 and UTF-16 as hex and as base64 and base64url at each of the three places at which it can begin in a
 * group. The same for its trimmed form, its long lines, and the password of a URL.
 */
export function encodingsOf(value: string): readonly string[] {
  const forms = new Set<string>()
  for (const text of partsOf(value)) {
    for (const form of [text, ...jsonForms(text), ...urlForms(text), ...htmlForms(text)]) forms.add(form)
    for (const charset of ['utf8', 'utf16le', 'utf16be'] as const) {
      const bytes = bytesOf(text, charset)
      const hex = bytes.toString('hex')
      forms.add(hex).add(hex.toUpperCase())
      for (const form of base64Forms(bytes)) forms.add(form)
    }
  }
  return [...forms].filter((form) => form.length >= MIN_SECRET_CHARACTERS)
}

function partsOf(value: string): readonly string[] {
  const lines = value.split(/\r?\n/).filter((line) => line.length >= MIN_LINE_CHARACTERS && !line.startsWith('-----'))
  const parts = [value, value.trim(), ...lines, ...passwordsOf(value)]
  return [...new Set(parts)].filter((part) => part.length >= MIN_SECRET_CHARACTERS)
}

/** Of a connection string: drivers tell of the password without the rest. */
function passwordsOf(value: string): readonly string[] {
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:([^\s/@]+)@/i.exec(value)?.[1]
  if (password === undefined) return []
  try {
    return [password, decodeURIComponent(password)]
  } catch {
    return [password]
  }
}

function jsonForms(text: string): readonly string[] {
  const once = inJson(text)
  return [
    once,
    inJson(once),
    once.replaceAll('/', '\\/'),
    escaped(once, /[^\x20-\x7e]/g, 'lower'),
    escaped(once, /[^\x20-\x7e]/g, 'upper'),
    escaped(once, /[<>&'\u2028\u2029]/g, 'lower'),
    escaped(once, /[<>&'\u2028\u2029]/g, 'upper'),
  ]
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

function escaped(text: string, characters: RegExp, letters: 'lower' | 'upper'): string {
  return text.replaceAll(characters, (character) => {
    const hex = character.charCodeAt(0).toString(16).padStart(4, '0')
    return `\\u${letters === 'lower' ? hex : hex.toUpperCase()}`
  })
}

function urlForms(text: string): readonly string[] {
  const component = encodeURIComponent(text.toWellFormed())
  const strict = component.replaceAll(/[!'()*]/g, (character) => percent(character.charCodeAt(0)))
  const form = strict.replaceAll('%20', '+').replaceAll('~', '%7E')
  const whole = [...Buffer.from(text)].map(percent).join('')
  const forms = [component, strict, form, whole, encodeURI(text.toWellFormed())]
  return [...forms, ...forms.map(lowerPercent)]
}

function percent(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
}

function lowerPercent(text: string): string {
  return text.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())
}

function htmlForms(text: string): readonly string[] {
  const html = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const quoted = html.replaceAll('"', '&quot;')
  const quotes = ['&#39;', '&#x27;', '&apos;', '&#039;']
  return [
    html,
    quoted,
    ...quotes.map((quote) => quoted.replaceAll("'", quote)),
    html.replaceAll('"', '&#34;').replaceAll("'", '&#39;'),
  ]
}

function bytesOf(text: string, charset: 'utf8' | 'utf16le' | 'utf16be'): Buffer {
  return charset === 'utf16be' ? Buffer.from(text, 'utf16le').swap16() : Buffer.from(text, charset)
}

/**
 * A value that stands somewhere in encoded bytes begins at one of three places in a group of three. What its neighbours change is
 * left out: up to four bits at either side.
 */
function base64Forms(bytes: Buffer): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    const own = encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6))
    const forUrl = own.replaceAll('+', '-').replaceAll('/', '_')
    return [own, forUrl, encodeURIComponent(own), own.replaceAll('/', '\\/')]
  })
}
