/** From nothing to the first answer, against the AI SDK; and what importing `pawl` loads. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { atMost, type Benchmark, type Finding } from './run/finding.ts'
import { inProcess } from './run/in-process.ts'
import { inScratch } from './run/scratch.ts'
import { median } from './run/statistics.ts'
import { shown } from './run/table.ts'

type Timed = { readonly importMs: number; readonly ms: number }

type Round = { readonly pawl: Timed; readonly aiSdk: Timed }

/** `plain`: neither program asks for a schema library, and each loads what it needs itself. */
type Library = 'plain' | 'zod'

export const firstRun: Benchmark = (size) =>
  inScratch(async (folder) => {
    const rounds: Record<Library, Round[]> = { plain: [], zod: [] }
    // The first round fills the file cache, and is not counted.
    for (let round = 0; round <= (size === 'small' ? 7 : 25); round += 1) {
      for (const library of ['plain', 'zod'] as const) {
        const pawl = await inProcess<Timed>('first-run-pawl.ts', [join(folder, `${library}-${round}.db`), library])
        rounds[library].push({ pawl, aiSdk: await inProcess<Timed>('first-run-ai-sdk.ts', [library]) })
      }
    }
    const plain = finding("import and first run against the AI SDK's", rounds.plain.slice(1))
    return [plain, finding('the same, both with a zod schema', rounds.zod.slice(1)), await optionalPeersLoaded()]
  })

function finding(name: string, rounds: readonly Round[]): Finding {
  const of = (side: keyof Round, field: keyof Timed) => shown(median(rounds.map((round) => round[side][field])))
  const imports = `of which import ${of('pawl', 'importMs')} against ${of('aiSdk', 'importMs')}`
  const note = `${of('pawl', 'ms')} against ${of('aiSdk', 'ms')} ms, ${imports}; median of ${rounds.length} fresh processes`
  return {
    name,
    unit: 'x',
    value: median(rounds.map(({ pawl, aiSdk }) => pawl.ms / aiSdk.ms)),
    goal: atMost(0.6),
    note,
  }
}

async function optionalPeersLoaded(): Promise<Finding> {
  const loaded = await inProcess<readonly string[]>('modules-of-pawl.ts', [])
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  // Our own package.json: a test of the repository asserts its shape.
  const { peerDependencies } = JSON.parse(text) as { readonly peerDependencies: Readonly<Record<string, string>> }
  const peers = Object.keys(peerDependencies).filter((peer) =>
    loaded.some((url) => url.includes(`/node_modules/${peer}/`)),
  )
  const packages = new Set(loaded.flatMap((url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? []))
  const note = `import 'pawl' loads ${loaded.length} modules; packages: ${[...packages].sort().join(', ') || 'none'}`
  return { name: 'optional peers that import loads', unit: 'modules', value: peers.length, goal: atMost(0), note }
}
