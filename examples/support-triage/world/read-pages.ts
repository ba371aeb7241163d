import { readdirSync, readFileSync } from 'node:fs'

/** What stands between two headings of a page, as plain text. */
export type Passage = {
  /** The heading above it; empty for what comes before the first. */
  readonly heading: string
  readonly body: string
}

/** A page of billing help. `name` is its file without the extension. */
export type Page = {
  readonly name: string
  readonly title: string
  readonly passages: readonly Passage[]
}

const docs = new URL('../docs/', import.meta.url)

/** All pages of the product's billing help, by name. */
export function readPages(): readonly Page[] {
  const files = readdirSync(docs).filter((file) => file.endsWith('.md'))
  return files.sort().map((file) => parsePage(file.slice(0, -3), readFileSync(new URL(file, docs), 'utf8')))
}

/** Takes the first line, `# …`, as the title, and splits the rest at its headings, `## …`. */
export function parsePage(name: string, markdown: string): Page {
  const [opening = '', ...sections] = markdown.split(/^## /m)
  const [title, introduction] = splitFirstLine(opening)
  const passages = sections.map(splitFirstLine).map(([heading, text]) => ({ heading, body: plainText(text) }))
  return {
    name,
    title: title.replace(/^# /, ''),
    passages: [{ heading: '', body: plainText(introduction) }, ...passages].filter(({ body }) => body !== ''),
  }
}

function splitFirstLine(text: string): readonly [string, string] {
  const [first = '', ...rest] = text.split('\n')
  return [first, rest.join('\n')]
}

/** The text without its Markdown, so that a snippet reads well in a message. */
function plainText(markdown: string): string {
  return markdown
    .replace(/^\|[-|]+\|$/gm, '') // the line below a table's head
    .replace(/^\| (.*) \|$/gm, (_line, cells: string) => `${cells.replaceAll(' | ', ', ')}.`)
    .replace(/^(- |\d+\. )/gm, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll('`', '')
    .replace(/\s+/g, ' ')
    .trim()
}
