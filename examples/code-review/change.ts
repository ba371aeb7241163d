/** A unified diff, as text and as what it adds. */

export type ChangedFile = {
  /** As it is called afterwards. */
  readonly path: string
  readonly added: number
  readonly removed: number
}

/** One line that stands in a file after the change, as far as the patch shows it. */
export type PatchLine = {
  readonly path: string
  /** From 1, in the file as it is afterwards. */
  readonly line: number
  readonly text: string
  readonly isAdded: boolean
}

/** The parts of a patch, one for each file. */
export function patchesOf(patch: string): readonly { readonly path: string; readonly patch: string }[] {
  const parts = patch.split(/^(?=diff --git )/m).filter((part) => part.startsWith('diff --git '))
  return parts.map((part) => ({ path: /^diff --git a\/.+ b\/(.+)$/m.exec(part)?.[1] ?? '', patch: part }))
}

export function filesOf(patch: string): readonly ChangedFile[] {
  return patchesOf(patch).map(({ path, patch: part }) => ({
    path,
    added: part.match(/^\+(?!\+\+ )/gm)?.length ?? 0,
    removed: part.match(/^-(?!-- )/gm)?.length ?? 0,
  }))
}

/** Added lines and those around them. */
export function linesAfter(patch: string): readonly PatchLine[] {
  return patchesOf(patch).flatMap(({ path, patch: part }) => {
    let line = 0
    return part.split('\n').flatMap((each) => {
      const hunk = /^@@ -\S+ \+(\d+)/.exec(each)
      if (hunk !== null) line = Number(hunk[1]) - 1
      if (hunk !== null || line < 0 || !/^[+ ]/.test(each) || each.startsWith('+++ ')) return []
      line += 1
      return [{ path, line, text: each.slice(1), isAdded: each.startsWith('+') }]
    })
  })
}
