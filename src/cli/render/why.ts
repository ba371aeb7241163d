/** `pawl why`, and what `run` says of a session that waits for people. */
import type { Json, Why, WhyRow } from '../../core/index.ts'
import { marks, type Style, statusTone, toned } from '../style.ts'
import { indent, oneLine, plain, shortJson, wrap } from './text.ts'
import { absolute, count, duration, money, relative } from './units.ts'

export type WhyLook = { readonly style: Style; readonly textWidth: number; readonly now: number }

const MAX_VALUE_LINES = 6

export function renderWhy(why: Why, look: WhyLook): readonly string[] {
  const { style, textWidth, now } = look
  const word = toned(style, statusTone(why.status), `${markOf(why.status)} ${why.status}`)
  const since = style.dim(`since ${relative(why.sinceAt, now)}, ${absolute(why.sinceAt)}`)
  const rows = why.rows.flatMap((row) => ['', ...renderRow(row, look)])
  return [`${word}  ${since}`, ...indent(wrap(plain(why.because), textWidth - 2), 2), ...rows]
}

function markOf(word: string): string {
  if (word === 'done') return marks.ok
  if (word.startsWith('blocked')) return marks.held
  return word === 'failed' || word === 'cancelled' ? marks.bad : marks.note
}

function renderRow(row: WhyRow, look: WhyLook): readonly string[] {
  const { style, textWidth } = look
  const [first = '', ...others] = wrap(plain(row.says), textWidth - 4)
  const name = row.id === undefined ? '' : `${style.bold(row.id)}  `
  const fields = Object.entries(row.fields).map(([key, value]) => fieldOf(key, value, look))
  const width = Math.max(0, ...fields.map(({ label }) => label.length))
  return [
    `  ${name}${first}`,
    ...indent(others, 2),
    ...fields.flatMap((field) => renderField(field, width, look)),
    ...row.commands.map((command) => `    ${style.cyan(`$ ${oneLine(command)}`)}`),
  ]
}

type Field = { readonly label: string; readonly text: string }

function renderField({ label, text }: Field, width: number, { style, textWidth }: WhyLook): readonly string[] {
  const lines = wrap(text, Math.max(20, textWidth - width - 6))
  const shown = lines.length > MAX_VALUE_LINES ? [...lines.slice(0, MAX_VALUE_LINES), '…'] : lines
  return shown.map((line, index) => `    ${style.dim((index === 0 ? label : '').padEnd(width))}  ${line}`.trimEnd())
}

/** The key says the unit: `…At` is a moment, `…Ms` a time, `…MicroUsd` money. */
function fieldOf(key: string, value: Json, { now }: WhyLook): Field {
  if (typeof value !== 'number')
    return { label: words(key), text: typeof value === 'string' ? plain(value) : shortJson(value) }
  if (key.endsWith('At')) return { label: words(key.slice(0, -2)), text: `${relative(value, now)}, ${absolute(value)}` }
  if (key.endsWith('Ms')) return { label: words(key.slice(0, -2)), text: duration(value) }
  if (key.endsWith('MicroUsd')) return { label: words(key.slice(0, -8)), text: money(value) }
  return { label: words(key), text: count(value) }
}

/** `maxTokens` becomes `max tokens`. Names of tools stay as they are. */
function words(key: string): string {
  return /^[a-z]+([A-Z][a-z]+)*$/.test(key)
    ? key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    : oneLine(key)
}
