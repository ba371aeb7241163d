/** The values that this process knows, and what takes them out of texts. */
import { isSecretName } from '../core/index.ts'
import type { RuntimeLimits } from './options.ts'
import { createRedactor, markOf, type Redactor } from './redact.ts'
import { MIN_SECRET_CHARACTERS } from './redact-encodings.ts'
import { createFinder, type Needle } from './redact-find.ts'
import { type PatternName, patterns } from './redact-patterns.ts'
import { SecretError } from './secret-error.ts'

export type KnownSecretsOptions = {
  readonly limits: Pick<RuntimeLimits, 'maxSecretValues' | 'maxSecretCharacters'>
  readonly keptPatterns: readonly PatternName[]
  /** How a value may stand in a text. */
  readonly encodingsOf: (value: string) => readonly string[]
}

/** Limits: 64 values of a name for a tenant, and `maxSecretValues` of all; then what was given out longest ago is forgotten. */
export interface KnownSecrets {
  /** Of a tenant's values; null: of all. */
  redactor(tenant: string | null): Redactor
  /** @throws SecretError `secret_unusable`, or `secret_limit` where every value is the newest of its name. */
  add(tenant: string, name: string, value: string): void
}

/** Values of one name that are known at a time; a resolver that gives out short-lived ones makes older ones forgotten. */
const MAX_VERSIONS = 64

type Version = { readonly tenant: string; readonly name: string; readonly value: string }
type Tenant = { readonly values: Map<string, Version[]>; redactor: Redactor | null }
/** The forms of a value, and how many versions have it. */
type Forms = { readonly texts: readonly string[]; holders: number }

type Register = {
  readonly tenants: Map<string, Tenant>
  readonly forms: Map<string, Forms>
  /** Those that are not the newest of their name, the oldest first. */
  readonly older: Set<Version>
  /** Of all versions. */
  redactor: Redactor | null
  count: number
}

export function createKnownSecrets({ limits, keptPatterns, encodingsOf }: KnownSecretsOptions): KnownSecrets {
  const kept = new Set(keptPatterns)
  const marks = new Set(['sensitive', 'cut', ...patterns.map(({ name }) => name)].map(markOf))
  const nothingKnown = createRedactor({ finder: null, keptPatterns: kept })
  const register: Register = { tenants: new Map(), forms: new Map(), older: new Set(), redactor: null, count: 0 }
  const { tenants, forms } = register
  const built = (known: Iterable<Tenant>): Redactor => {
    const needles = needlesOf(register, known)
    return needles.length === 0 ? nothingKnown : createRedactor({ finder: createFinder(needles), keptPatterns: kept })
  }
  return {
    redactor: (tenant) => {
      if (tenant === null) {
        register.redactor ??= built(tenants.values())
        return register.redactor
      }
      const known = tenants.get(tenant)
      if (known === undefined) return nothingKnown
      known.redactor ??= built([known])
      return known.redactor
    },
    add: (tenant, name, value) => {
      const known = tenants.get(tenant) ?? { values: new Map<string, Version[]>(), redactor: null }
      const versions = known.values.get(name) ?? []
      if (givenAgain(register, versions, value)) return
      refuseUnusable(name, value, { marks, limits, values: forms.keys() })
      makeRoom(register, versions, { name, most: limits.maxSecretValues })
      const held = forms.get(value) ?? { texts: encodingsOf(value), holders: 0 }
      held.holders += 1
      forms.set(value, held)
      marks.add(markOf(name))
      tenants.set(tenant, known)
      known.values.set(name, versions)
      append(register, versions, { tenant, name, value })
      changed(register, known, 1)
    },
  }
}

function needlesOf({ forms }: Register, known: Iterable<Tenant>): readonly Needle[] {
  const needles: Needle[] = []
  for (const { values } of known)
    for (const [name, versions] of values)
      for (const { value } of versions) for (const text of forms.get(value)?.texts ?? []) needles.push({ text, name })
  return needles
}

function changed(register: Register, tenant: Tenant, by: 1 | -1): void {
  tenant.redactor = null
  register.redactor = null
  register.count += by
}

function append({ older }: Register, versions: Version[], version: Version): void {
  const last = versions.at(-1)
  if (last !== undefined) older.add(last)
  versions.push(version)
}

/** Whether it is known: then it is the newest again. */
function givenAgain(register: Register, versions: Version[], value: string): boolean {
  const at = versions.findIndex((version) => version.value === value)
  const again = versions[at]
  if (again === undefined) return false
  versions.splice(at, 1)
  register.older.delete(again)
  append(register, versions, again)
  return true
}

type Room = { readonly name: string; readonly most: number }

/** @throws SecretError */
function makeRoom(register: Register, versions: readonly Version[], { name, most }: Room): void {
  const { older, count } = register
  const [first] = versions
  const [oldest = first] = older
  if (versions.length >= MAX_VERSIONS && first !== undefined) return forget(register, first)
  if (count < most) return
  if (oldest !== undefined) return forget(register, oldest)
  throw new SecretError(
    'secret_limit',
    `this process knows ${count} values of secrets, which is the limit (maxSecretValues); secret ${name} is not given out`,
  )
}

function forget(register: Register, version: Version): void {
  const { tenants, forms, older } = register
  const tenant = tenants.get(version.tenant)
  const versions = tenant?.values.get(version.name)
  const held = forms.get(version.value)
  if (tenant === undefined || versions === undefined || held === undefined) return
  versions.splice(versions.indexOf(version), 1)
  older.delete(version)
  held.holders -= 1
  if (held.holders === 0) forms.delete(version.value)
  changed(register, tenant, -1)
}

type Known = {
  readonly marks: Iterable<string>
  readonly limits: Pick<RuntimeLimits, 'maxSecretCharacters'>
  readonly values: Iterable<string>
}

/** What could not be hidden without shredding texts, or without being hidden for ever anew. */
function refuseUnusable(name: string, value: string, { marks, limits, values }: Known): void {
  const unusable = (why: string) => new SecretError('secret_unusable', `secret ${name} cannot be used: ${why}`)
  if (!isSecretName(name))
    throw unusable('its name has to be letters, digits, "_", "." and "-", at most 64, the last no "." or "-"')
  if (value.trim().length < MIN_SECRET_CHARACTERS)
    throw unusable(
      `expected at least ${MIN_SECRET_CHARACTERS} characters, found fewer; texts would be shredded by hiding it`,
    )
  if (value.length > limits.maxSecretCharacters)
    throw unusable(
      `expected at most ${limits.maxSecretCharacters} characters (maxSecretCharacters), found ${value.length}`,
    )
  if (!value.isWellFormed() || value.includes('\0')) throw unusable('it holds NUL or half of a surrogate pair')
  const own = markOf(name)
  const clashes =
    [...marks, own].some((mark) => mark.includes(value.trim())) || [...values].some((each) => own.includes(each.trim()))
  if (clashes)
    throw unusable('its value stands in the name of a secret or in "[redacted:…]", so hiding it would show it')
}
