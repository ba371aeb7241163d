/** `pawl plan new` without a template: which there are, and what is filled in. */
import { rangeOf, sayRange, type TemplateField, unitOf } from '../../core/index.ts'
import { marks, type Style } from '../style.ts'
import type { FoundTemplate } from '../templates.ts'
import { table } from './table.ts'
import { indent, oneLine, wrap } from './text.ts'

export type TemplatesLook = { readonly style: Style; readonly width: number; readonly textWidth: number }

export function renderTemplates(found: readonly FoundTemplate[], look: TemplatesLook): readonly string[] {
  const { style } = look
  const names = found.map(({ name }) => name)
  const parts = found.map((each, index) => [
    headOf(each, names.indexOf(each.name) < index, look),
    ...(each.type === 'template' ? bodyOf(each, look) : each.problems.map((problem) => `  ${oneLine(problem)}`)),
    '',
  ])
  return [...parts.flat(), style.dim('Fill one in: pawl plan new TEMPLATE --field name=value …')]
}

function headOf({ type, name, from }: FoundTemplate, isHidden: boolean, { style }: TemplatesLook): string {
  const where = from === 'pawl' ? '' : style.dim(`  ${from}`)
  const hidden = isHidden ? style.dim('  not taken: another of this name is yours') : ''
  if (type === 'unreadable')
    return `${style.red(marks.bad)} ${style.bold(oneLine(name))}  ${style.red('no template')}${where}`
  return `${style.bold(name)}${where}${hidden}`
}

function bodyOf(
  { template }: Extract<FoundTemplate, { type: 'template' }>,
  { style, width, textWidth }: TemplatesLook,
): readonly string[] {
  const columns = [
    { title: 'field', paint: style.cyan },
    { title: 'type' },
    { title: 'default', paint: style.dim },
    { title: 'description', flexible: true },
  ]
  const rows = Object.entries(template.fields).map(([name, field]) => [
    name,
    typeOf(field),
    field.default === undefined ? 'to fill in' : oneLine(JSON.stringify(field.default)),
    oneLine(field.description),
  ])
  return [
    ...indent(wrap(oneLine(template.description), textWidth - 2), 2),
    ...table(columns, rows, { width, indent: 4 }),
  ]
}

/** `list, 1 to 8 elements`, `number, 100 to 5000`, `string: fast or careful`. */
function typeOf(field: TemplateField): string {
  const { type, options, min, max } = field
  if (options !== undefined) return `${type}: ${options.join(' or ')}`
  const unit = unitOf(type)
  if (unit === null || (min === undefined && max === undefined)) return type
  const range = rangeOf(field)
  return `${type}, ${sayRange(range.min, range.max, unit)}`
}
