/** `pawl doctor`: what was looked at, and what to do. */
import type { Check } from '../doctor/check.ts'
import { marks, type Style, type Tone, toned } from '../style.ts'
import { indent, oneLine, wrap } from './text.ts'
import { counted } from './units.ts'

export type DoctorLook = { readonly style: Style; readonly textWidth: number }

const looks: { readonly [S in Check['stands']]: { readonly mark: string; readonly tone: Tone } } = {
  ok: { mark: marks.ok, tone: 'good' },
  warn: { mark: marks.warn, tone: 'attention' },
  bad: { mark: marks.bad, tone: 'bad' },
}

export function renderDoctor(checks: readonly Check[], look: DoctorLook): readonly string[] {
  const width = Math.min(28, Math.max(0, ...checks.map(({ name }) => name.length)))
  return [...checks.flatMap((check) => lineOf(check, width, look)), '', sumOf(checks, look)]
}

function lineOf(
  { name, stands, says, advice }: Check,
  width: number,
  { style, textWidth }: DoctorLook,
): readonly string[] {
  const { mark, tone } = looks[stands]
  const text = Math.max(24, textWidth - width - 6)
  const [first = '', ...others] = wrap(oneLine(says), text)
  const told =
    advice === undefined
      ? []
      : wrap(oneLine(advice), text - 2).map((line, index) => style.dim(`${index === 0 ? '→' : ' '} ${line}`))
  return [
    `${toned(style, tone, mark)} ${style.bold(name.padEnd(width))}  ${first}`,
    ...indent([...others, ...told], width + 4),
  ]
}

function sumOf(checks: readonly Check[], { style }: DoctorLook): string {
  const count = (stands: Check['stands']) => checks.filter((check) => check.stands === stands).length
  if (count('bad') > 0)
    return style.red(
      `${counted(count('bad'), 'check')} of ${checks.length} ${count('bad') === 1 ? 'does' : 'do'} not hold.`,
    )
  if (count('warn') > 0) return style.yellow(`It works; ${counted(count('warn'), 'thing')} should be looked at.`)
  return style.green('Everything holds.')
}
