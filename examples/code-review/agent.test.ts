import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Model } from 'pawl'
import { describe, expect, onTestFinished, test } from 'vitest'
import { restOf } from '../planned/rest.fixture.ts'
import { codeReview } from './agent.ts'
import { scriptedReviewers } from './model.ts'
import { type Range, repositoryAt, type SavedPatch } from './repository.ts'
import { optionsFor, saved } from './start-options.ts'

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))
const root = here('../..')

function newFolder(): string {
  const temporary = here('../../.tmp/')
  mkdirSync(temporary, { recursive: true })
  const folder = mkdtempSync(join(temporary, 'review-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

type Reviewing = { readonly patch?: SavedPatch; readonly model?: Model; readonly range?: Range }

async function reviewed({ patch = saved, model = scriptedReviewers(), range = patch }: Reviewing = {}) {
  const folder = newFolder()
  const repository = repositoryAt(root, patch, false)
  const rested = await restOf(codeReview({ repository, reviews: folder, model }), optionsFor(range))
  const path = join(folder, 'review.md')
  return { ...rested, path, review: existsSync(path) ? readFileSync(path, 'utf8') : null }
}

/** A change that is made up, saved as a patch in a folder of the test. */
function patchOf(path: string, ...added: readonly string[]): SavedPatch {
  const file = join(newFolder(), 'made-up.patch')
  const head = [`diff --git a/${path} b/${path}`, '--- /dev/null', `+++ b/${path}`, `@@ -0,0 +1,${added.length} @@`]
  writeFileSync(file, `${[...head, ...added.map((line) => `+${line}`)].join('\n')}\n`)
  return { from: 'aaaa', to: 'bbbb', file: pathToFileURL(file) }
}

const hasCommit = spawnSync('git', ['cat-file', '-e', `${saved.to}^{commit}`], { cwd: root }).status === 0

describe('the change of the example', () => {
  test('has in its patch what git says of the two commits, where git has them', () => {
    const patch = readFileSync(saved.file, 'utf8')
    // Git abbreviates what it names the contents by as far as a repository needs.
    const bare = (text: string) => text.replaceAll(/^index .+$/gm, '')
    const said = hasCommit
      ? execFileSync('git', ['diff', saved.from, saved.to], { cwd: root, encoding: 'utf8' })
      : patch
    expect(bare(patch)).toBe(bare(said))
  })

  test('is reviewed from the patch alone: two findings of tests and one long line are kept, six are refuted', async () => {
    const { review, result } = await reviewed()
    expect(result).toMatchObject({ isPartial: false, text: 'The verdict is comment. The review stands in review.md.' })
    // Counted by hand in the patch: what is added, and to which line.
    const lines = (review ?? '').split('\n')
    expect(lines.filter((line) => line.startsWith('- **')).map((line) => line.split(': ')[0])).toEqual([
      '- **minor** src/stores/append.ts:61',
      '- **minor** src/testing/store-conformance-commands.ts:76',
      '- **minor** src/runtime/send.ts:40',
    ])
    expect(lines.filter((line) => line.startsWith('- dropped: '))).toHaveLength(6)
    expect(lines.filter((line) => line.startsWith('- check '))).toEqual([
      '- check whitespace: passed',
      '- check size: passed',
    ])
  })

  test('is reviewed by `main.ts` as it is from the patch', { timeout: 60_000 }, async () => {
    const folder = newFolder()
    const said = execFileSync(
      process.execPath,
      ['--conditions=pawl-source', '--no-warnings', here('main.ts'), '--folder', folder],
      { encoding: 'utf8' },
    )
    expect(said.trimEnd().split('\n').at(-1)).toBe('done The verdict is comment. The review stands in review.md.')
    expect(readFileSync(join(folder, 'review.md'), 'utf8')).toBe((await reviewed()).review)
  })
})

describe('a review', () => {
  test('that would stop a change is seen by a person before it is written', async () => {
    const patch = patchOf('src/run.ts', 'export const run = (text: string) => eval(text)')
    const { runtime, result, path, again } = await reviewed({ patch })
    expect(result.status).toEqual({ type: 'blocked', reason: 'approval' })
    expect(existsSync(path)).toBe(false)
    for (const approval of result.openApprovals) await runtime.approvals.approve(approval, 'maria')
    expect((await again()).text).toBe('The verdict is request_changes. The review stands in review.md.')
    expect(readFileSync(path, 'utf8')).toContain('- **blocker** src/run.ts:1: text becomes code')
  })

  test('asks for changes where a check fails, whatever reviewers say', async () => {
    const { result } = await reviewed({ patch: patchOf('notes.md', 'a space at the end ') })
    expect(result.status).toEqual({ type: 'blocked', reason: 'approval' })
  })

  test('approves a change that nobody finds anything in', async () => {
    const { review } = await reviewed({ patch: patchOf('notes.md', 'a line') })
    expect(review).toMatch(/^# approve\n/)
  })

  test('says what could not be looked at, and does not approve then', async () => {
    const script = scriptedReviewers()
    const model: Model = {
      ...script,
      generate: async (request, generation) => {
        const response = await script.generate(request, generation)
        if (request.taskId !== 'inspect-2') return response
        return { ...response, parts: [{ type: 'text', text: 'It looks safe to me.' }] }
      },
    }
    const { review, result } = await reviewed({ model, patch: patchOf('notes.md', 'a line') })
    expect(result).toMatchObject({ isPartial: true, text: expect.stringContaining('Not done: Inspect for security') })
    expect(review).toMatch(
      /^# comment\n[\s\S]+- not looked at: inspect-2: Inspect for security → failed, invalid_output/,
    )
  })

  test('of a change that nobody knows ends without one, and says why', async () => {
    const { review, result } = await reviewed({ range: { from: saved.from, to: '--output=x' } })
    expect(result.isPartial).toBe(true)
    expect(result.text).toContain('Not done: Read the change (failed')
    expect(review).toMatch(/^# comment\n[\s\S]+- not looked at: diff: Read the change/)
  })
})

test('what begins with a dash is no commit to git', async () => {
  const repository = repositoryAt(root, saved)
  const { signal } = new AbortController()
  const asked = repository.diff({ from: '--output=x', to: saved.to }, signal)
  await expect(asked).rejects.toThrow('expected a commit or a branch; found "--output=x"')
})
