/** Fields of the root manifest that only a clone needs. */
const ofTheClone = new Set(['private', 'scripts', 'devDependencies', 'optionalDependencies'])

type Json = { readonly [field: string]: unknown }

/** The manifest to publish: the root's without what only a clone needs, and without the `source` condition. */
export function publishedManifest(rootManifest: string): Json {
  // package.json is ours and an object; npm refuses anything else before this runs.
  const manifest = JSON.parse(rootManifest) as Json
  const kept = Object.entries(manifest).filter(([field]) => !ofTheClone.has(field))
  return { ...Object.fromEntries(kept), exports: withoutSource(manifest['exports']) }
}

function withoutSource(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([condition]) => condition !== 'pawl-source')
  return Object.fromEntries(kept.map(([condition, target]) => [condition, withoutSource(target)]))
}
