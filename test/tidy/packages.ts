import type { Violation } from './source.ts'

/** Text that names a registry: a host called so, the address of a package's archive. */
const registryHost =
  /\b(registry|npm|packages?)\.[a-z0-9-]+(\.[a-z]+)*\b(?=[/:])|\bnpmjs\b|\byarnpkg\b|:\/\/[^"\s]*\.tgz\b/i

export const lockfileSentence = 'package-lock.json and .npmrc name no registry host'

/** Every line of the file that says where a package was downloaded from. */
export function checkLockfile(file: string, text: string): readonly Violation[] {
  return text.split('\n').flatMap((line, index) => {
    if (!/"resolved"/.test(line) && !registryHost.test(line)) return []
    const mend = 'Keep omit-lockfile-registry-resolved=true in .npmrc, delete the line, and run npm install again.'
    return [{ file, line: index + 1, rule: 'lockfile', found: line.trim(), mend }]
  })
}

export const pinsSentence = 'Every version in package.json is exact'

const sections = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies', 'overrides']

/** Every dependency that is asked for by a range, a tag or an address. */
export function checkPins(file: string, text: string): readonly Violation[] {
  const manifest: unknown = JSON.parse(text)
  return sections.flatMap((section) => {
    const inexact = pinsOf(manifest, section).filter(([, version]) => !isExact(version))
    return inexact.map(([name, version]) => ({
      file,
      line: text.split('\n').findIndex((line) => line.includes(`"${name}"`)) + 1,
      rule: 'pins',
      found: `${section}: ${name} ${JSON.stringify(version)}`,
      mend: 'Write the exact version that was tested, such as 1.2.3.',
    }))
  })
}

function pinsOf(manifest: unknown, section: string): readonly (readonly [string, unknown])[] {
  if (typeof manifest !== 'object' || manifest === null) return []
  const pins: unknown = Object.entries(manifest).find(([name]) => name === section)?.[1]
  return typeof pins === 'object' && pins !== null ? Object.entries(pins) : []
}

function isExact(version: unknown): boolean {
  return typeof version === 'string' && /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version)
}
