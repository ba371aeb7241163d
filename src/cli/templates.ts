/** The templates that a command can take: those that come with pawl, and those of the user's folder. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nearNames, parseJson, readTemplate, sayTemplateProblem, type Template, templateLimits } from '../core/index.ts'
import { CliError, usageError } from './errors.ts'
import type { LoadedConfig } from './load-config.ts'
import { oneLine } from './render/text.ts'
import { marks } from './style.ts'

/** From the sources and from `dist/` alike. */
const shippedFolder = fileURLToPath(new URL('../../templates/', import.meta.url))

/** Where it is: of pawl itself, or the user's folder. */
export type TemplateSource = 'pawl' | string

export type FoundTemplate =
  | { readonly type: 'template'; readonly name: string; readonly from: TemplateSource; readonly template: Template }
  | {
      readonly type: 'unreadable'
      readonly name: string
      readonly from: TemplateSource
      readonly problems: readonly string[]
    }

export type TemplatePlaces = {
  /** `--templates`. */
  readonly named: string | undefined
  readonly loaded: LoadedConfig | null
  /** The folder in which the command was typed. */
  readonly from: string
}

/** All of them by name; where two have one name, the user's first. */
export function findTemplates(places: TemplatePlaces): readonly FoundTemplate[] {
  const folder = userFolder(places)
  const own = folder === null ? [] : templatesIn(folder, folder)
  return [...own, ...templatesIn(shippedFolder, 'pawl')].sort((one, other) =>
    one.name < other.name ? -1 : one.name > other.name ? 1 : 0,
  )
}

export type TakenTemplate = {
  readonly template: Template
  readonly from: TemplateSource
  /** One of the same name comes with pawl. */
  readonly hides: boolean
}

/** @throws CliError `usage` if there is none of that name, `invalid_template` with all that is wrong if it cannot be read. */
export function takeTemplate(found: readonly FoundTemplate[], name: string): TakenTemplate {
  const [taken, hidden] = found.filter((each) => each.name === name)
  if (taken === undefined) {
    const names = [...new Set(found.map((each) => each.name))]
    const near = nearNames(name, names)
    const hint = near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`
    throw usageError(`expected one of the templates ${names.join(', ')}; found ${JSON.stringify(name)}.${hint}`)
  }
  if (taken.type === 'template') return { template: taken.template, from: taken.from, hides: hidden !== undefined }
  const problems = taken.problems.map((problem) => `\n  ${marks.bad} ${problem}`).join('')
  throw new CliError('invalid_template', `expected ${pathOf(taken)} to be a template; found:${problems}`)
}

/** A folder that somebody names has to be there; the one that is looked for may be missing. */
function userFolder({ named, loaded, from }: TemplatePlaces): string | null {
  if (named !== undefined) return existing(resolve(from, named), '--templates')
  if (loaded === null) return null
  const { templates } = loaded.config
  if (templates !== undefined) return existing(resolve(loaded.folder, templates), '`templates` of the configuration')
  const beside = join(loaded.folder, 'templates')
  return isFolder(beside) ? beside : null
}

function existing(folder: string, what: string): string {
  if (isFolder(folder)) return folder
  throw usageError(
    `expected ${what} to be a folder with templates; found no folder ${folder}. Make it, or name another.`,
  )
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function templatesIn(folder: string, from: TemplateSource): readonly FoundTemplate[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => readFrom(join(folder, file), from))
}

function readFrom(path: string, from: TemplateSource): FoundTemplate {
  const name = basename(path, '.json')
  const unreadable = (problems: readonly string[]): FoundTemplate => ({ type: 'unreadable', name, from, problems })
  try {
    const parsed = parseJson(readFileSync(path, 'utf8'), templateLimits, 'refuse')
    if (parsed.type === 'problem') return unreadable([oneLine(parsed.problem)])
    const read = readTemplate(parsed.value)
    if (read.type === 'problems') return unreadable(read.problems.map((each) => oneLine(sayTemplateProblem(each))))
    const { template } = read
    if (template.name === name) return { type: 'template', name, from, template }
    const found = JSON.stringify(template.name)
    return unreadable([`name: expected ${JSON.stringify(name)}, as its file is named; found ${found}. Rename one.`])
  } catch (problem) {
    return unreadable([problem instanceof Error ? problem.message : String(problem)])
  }
}

function pathOf({ name, from }: FoundTemplate): string {
  return join(from === 'pawl' ? shippedFolder : from, `${name}.json`)
}
