/** Numbers as people read them. Machines get the numbers themselves, with `--json`. */

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** `12 ms`, `1.4 s`, `3 min`, `2 h`, `7 d`: two digits that matter. */
export function duration(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`
  if (ms < MINUTE) return `${oneDecimal(ms / SECOND)} s`
  if (ms < HOUR) return `${oneDecimal(ms / MINUTE)} min`
  return ms < DAY ? `${oneDecimal(ms / HOUR)} h` : `${oneDecimal(ms / DAY)} d`
}

function oneDecimal(value: number): string {
  const rounded = value < 10 ? Math.round(value * 10) / 10 : Math.round(value)
  return String(rounded)
}

/** `3 min ago`, `in 7 d`, `just now`. */
export function relative(at: number, now: number): string {
  const apart = Math.abs(now - at)
  if (at > now) return `in ${duration(apart)}`
  return apart < SECOND ? 'just now' : `${duration(apart)} ago`
}

/** `2026-11-21 02:13:07`, in the machine's own time zone. */
export function absolute(at: number): string {
  const date = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

const LEAST_USD = 0.0001

/** `$0.0012`, `$1.50`, `free`. */
export function money(microUsd: number): string {
  if (microUsd === 0) return 'free'
  const usd = microUsd / 1_000_000
  if (usd < LEAST_USD) return `<$${LEAST_USD}`
  return `$${usd < 0.1 ? usd.toPrecision(2) : usd.toFixed(2)}`
}

/** `1,204`. */
export function count(value: number): string {
  return value.toLocaleString('en-US')
}

export function counted(value: number, word: string): string {
  return `${count(value)} ${word}${value === 1 ? '' : 's'}`
}
