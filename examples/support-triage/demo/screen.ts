/** The demo's lines: a label, a mark, a text that is wrapped. Colours only where the terminal wants them. */
import { styleText } from 'node:util'

export type Tone = 'plain' | 'dim' | 'good' | 'warn' | 'bad' | 'strong'

const styles = {
  plain: 'reset',
  dim: 'dim',
  good: 'green',
  warn: 'yellow',
  bad: 'red',
  strong: 'bold',
} as const

const labelWidth = 11
const maxWidth = 100
const minTextWidth = 40

/** A heading, with air around it. */
export function title(text: string): void {
  console.log(`\n  ${styleText('bold', text)}\n  ${styleText('dim', '─'.repeat(text.length))}`)
}

/** A text behind a label, wrapped under itself. An empty label continues the line above. */
export function say(label: string, text: string, tone: Tone = 'plain'): void {
  for (const [index, line] of wrap(text, textWidth()).entries()) {
    const head = styleText('dim', (index === 0 ? label : '').padEnd(labelWidth))
    console.log(`  ${head} ${tone === 'plain' ? line : styleText(styles[tone], line)}`)
  }
}

/** Some terminals say that they have no columns, and some have too few for the labels. */
function textWidth(): number {
  const { columns } = process.stdout
  const width = columns === undefined || columns === 0 ? maxWidth : Math.min(columns, maxWidth)
  return Math.max(width - labelWidth - 3, minTextWidth)
}

/** What became of a call: a mark, the tool, and the rest. */
export function sayCall(mark: string, tool: string, rest: string): void {
  const tone = { '✓': 'good', '■': 'warn', '!': 'warn', '✗': 'bad' }[mark] ?? 'plain'
  // The table above holds only these words.
  const coloured = styleText(styles[tone as Tone], mark)
  console.log(`  ${' '.repeat(labelWidth)} ${coloured} ${tool.padEnd(24)}${rest}`)
}

export function gap(): void {
  console.log()
}

/** Lines of at most `width` characters, broken between words; a longer word stands alone. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
