import type { Disk, FileNode, FolderNode } from './disk.ts'
import { LOG_FILE, STORE_FILE } from './writer-orders.ts'

/**
 * What the store was about at a moment, by what is unsynced then. A moment may be of several. Images are cut in all of them, or the
 * run fails: an image of a disk at rest proves little.
 */
export type Phase = keyof typeof phases

type Seen = { readonly folder: FolderNode | null; readonly file: FileNode | null; readonly log: FileNode | null }

export const phases = {
  'making folders': ({ folder }: Seen) => folder === null || folder.synced.size === 0,
  'making a file': ({ folder }: Seen) => folder?.pending.some(({ node }) => node !== null) ?? false,
  'removing a file': ({ folder }: Seen) => folder?.pending.some(({ node }) => node === null) ?? false,
  'writing a commit': ({ log }: Seen) => (log?.pending.length ?? 0) > 0,
  'starting the log over': ({ log }: Seen) => (log?.synced.length ?? 0) > 0 && writesBeginning(log),
  'moving the log into the file': ({ file }: Seen) => (file?.pending.length ?? 0) > 0,
  'at rest': ({ folder, file, log }: Seen) =>
    [folder, file, log].every((each) => each === null || each.pending.length === 0),
} as const

export function phasesOf(disk: Disk, folderPath: string): readonly Phase[] {
  const folder = disk.find(folderPath)
  const seen = {
    folder: folder?.type === 'folder' ? folder : null,
    file: fileAt(disk, `${folderPath}/${STORE_FILE}`),
    log: fileAt(disk, `${folderPath}/${LOG_FILE}`),
  }
  // The keys of an object that is written above.
  return (Object.keys(phases) as Phase[]).filter((phase) => phases[phase](seen))
}

function fileAt(disk: Disk, path: string): FileNode | null {
  const node = disk.find(path)
  return node?.type === 'file' ? node : null
}

function writesBeginning(log: FileNode | null): boolean {
  return log?.pending.some((change) => change.type === 'write' && change.offset === 0) ?? false
}
