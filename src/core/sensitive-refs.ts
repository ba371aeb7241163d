/** What a reference of a JSON Schema leads to, within the document: by pointer, by anchor, and by the `$id` of a part. */
import type { Json, JsonObject } from './json.ts'

/** The schemas that a schema refers to; null in place of one that cannot be found in the document. */
export type References = (schema: JsonObject) => readonly (Json | null)[]

/** Parts by their address, and by address and anchor. */
type Document = {
  readonly bases: ReadonlyMap<JsonObject, string>
  readonly parts: Map<string, Json>
  readonly anchors: Map<string, JsonObject>
  /** By name alone: a dynamic reference goes to the outermost of its name, wherever the validation came from. */
  readonly dynamic: Map<string, JsonObject[]>
}

/** The address of a document that gives itself none. */
const NO_ADDRESS = 'schema://root/'

export function referencesWithin(root: JsonObject): References {
  const document = readDocument(root)
  return (schema) => {
    const base = document.bases.get(schema) ?? NO_ADDRESS
    const { $ref, $dynamicRef } = schema
    return [
      ...(typeof $ref === 'string' ? [found(document, base, $ref)] : []),
      ...(typeof $dynamicRef === 'string' ? dynamicallyFound(document, base, $dynamicRef) : []),
    ]
  }
}

function readDocument(root: JsonObject): Document {
  const bases = new Map<JsonObject, string>()
  const document: Document = { bases, parts: new Map([[NO_ADDRESS, root]]), anchors: new Map(), dynamic: new Map() }
  const read = (value: Json, around: string) => {
    if (typeof value !== 'object' || value === null) return
    if (Array.isArray(value)) {
      for (const item of value) read(item, around)
      return
    }
    // Neither a list nor null.
    const schema = value as JsonObject
    const base = named(document, schema, around)
    bases.set(schema, base)
    for (const member of Object.values(schema)) read(member, base)
  }
  read(root, NO_ADDRESS)
  return document
}

/** The address that holds within it. The first of a name counts, as it stands in no list of allowed values. */
function named({ parts, anchors, dynamic }: Document, schema: JsonObject, around: string): string {
  const { $id, $anchor, $dynamicAnchor } = schema
  const [address, fragment] = typeof $id === 'string' ? split($id) : ['', '']
  const base = resolved(address, around) ?? around
  if (base !== around && !parts.has(base)) parts.set(base, schema)
  // In draft 7 an anchor is an `$id` that is only a fragment.
  for (const anchor of [$anchor, $dynamicAnchor, fragment])
    if (typeof anchor === 'string' && anchor !== '' && !anchors.has(`${base}#${anchor}`))
      anchors.set(`${base}#${anchor}`, schema)
  if (typeof $dynamicAnchor === 'string') dynamic.set($dynamicAnchor, [...(dynamic.get($dynamicAnchor) ?? []), schema])
  return base
}

function dynamicallyFound(document: Document, base: string, reference: string): readonly (Json | null)[] {
  const [, fragment] = split(reference)
  return [found(document, base, reference), ...(document.dynamic.get(fragment) ?? [])]
}

function found({ parts, anchors }: Document, base: string, reference: string): Json | null {
  const [address, fragment] = split(reference)
  const resource = resolved(address, base)
  if (resource === null) return null
  if (fragment !== '' && !fragment.startsWith('/')) return anchors.get(`${resource}#${fragment}`) ?? null
  let place: Json | undefined = parts.get(resource)
  for (const step of stepsOf(fragment)) {
    if (typeof place !== 'object' || place === null) return null
    place = Object.entries(place).find(([key]) => key === step)?.[1]
  }
  return place ?? null
}

function resolved(address: string, base: string): string | null {
  if (address === '') return base
  return URL.parse(address, base)?.href ?? null
}

/** The address, and the fragment behind it, decoded. */
function split(reference: string): readonly [address: string, fragment: string] {
  const at = reference.indexOf('#')
  return at === -1 ? [reference, ''] : [reference.slice(0, at), decoded(reference.slice(at + 1))]
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}

/** The steps of a JSON Pointer (RFC 6901). */
export function stepsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}
