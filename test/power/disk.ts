/**
 * The model of a disk that may lose its power at any moment.
 *
 * - A file is its synced bytes and size, and the changes since its last `fsync` or `fdatasync`, each of which may stand or not.
 *   Syncing a file makes all of them stand; it says nothing of any name.
 * - A folder is its synced names, and the changes of names since its last `fsync`: a file that was created, or a name that was
 *   removed, is so for certain only after that. Syncing a folder says nothing of what the files in it hold.
 * - A folder that was made is a name in the folder above it, and nothing more.
 * - A file that was unlinked goes on under the descriptors that are open on it, and under the name that may come back.
 *
 * So nothing is promised but what POSIX promises: journaling file systems keep more (the name of a file with its first `fsync`, the
 * order of names), and a store that needs it would be found out here.
 *
 * Left out: the index of SQLite's write-ahead log (`-shm`), which is written through memory, never synced, and made anew by whoever
 * opens the file first.
 */
import type { Step } from './steps.ts'
import { TraceError } from './strace-text.ts'

export type FileChange =
  | { readonly type: 'write'; readonly offset: number; readonly bytes: Buffer }
  | { readonly type: 'resize'; readonly size: number }

export type FileNode = {
  readonly type: 'file'
  /** What was synced: exactly as long as the synced size. */
  synced: Buffer
  /** As the running system sees it. */
  size: number
  readonly pending: FileChange[]
}

/** `node` null: the name was removed. */
type NameChange = { readonly name: string; readonly node: DiskNode | null }

export type FolderNode = {
  readonly type: 'folder'
  /** As the running system sees it. */
  readonly names: Map<string, DiskNode>
  readonly synced: Map<string, DiskNode>
  readonly pending: NameChange[]
}

type DiskNode = FileNode | FolderNode

export interface Disk {
  /** The folder that was there, and synced, before the trace begins. */
  readonly root: FolderNode
  /** False where the step has nothing to do with this disk. Throws `TraceError` for what the model does not know. */
  apply(step: Step): boolean
  /** What stands under a path of the running system. */
  find(path: string): DiskNode | null
}

/** `position` of the next write that says no place; null: not known. */
type Handle = { readonly node: DiskNode; readonly name: string; position: number | 'end' | null }

/** `liesAbout`: where it says so of a name, a sync of that file (a folder's name ends in `/`) does nothing. For planted bugs. */
export function createDisk(rootPath: string, liesAbout: (name: string) => boolean = () => false): Disk {
  const root = folder()
  const handles = new Map<number, Handle>()
  const isHere = (path: string): boolean => path.startsWith(`${rootPath}/`) && !path.endsWith('-shm')

  function find(path: string): DiskNode | null {
    if (path === rootPath) return root
    let node: DiskNode | undefined = root
    for (const name of path.slice(rootPath.length + 1).split('/'))
      node = node?.type === 'folder' ? node.names.get(name) : undefined
    return node ?? null
  }

  function rename(path: string, node: DiskNode | null): void {
    const cut = path.lastIndexOf('/')
    const parent = find(path.slice(0, cut))
    if (parent?.type !== 'folder') throw new TraceError(`expected a folder above ${path}, found none`)
    changeName(parent, { name: path.slice(cut + 1), node })
  }

  function open(step: Extract<Step, { type: 'open' }>): boolean {
    const { path, descriptor, creates, empties, position } = step
    handles.delete(descriptor)
    if (path !== rootPath && !isHere(path)) return false
    let node = find(path)
    const isNew = node === null && creates
    if (node === null) {
      if (!creates) throw new TraceError(`expected ${path} to be there, since it was opened`)
      node = { type: 'file', synced: Buffer.alloc(0), size: 0, pending: [] }
      rename(path, node)
    }
    const empty = empties && node.type === 'file' && node.size > 0
    if (empty && node.type === 'file') resize(node, 0)
    const from = position === 'start' ? 0 : position === 'end' ? 'end' : null
    handles.set(descriptor, { node, name: nameOf(node, path), position: from })
    return isNew || empty
  }

  function unlink(path: string): boolean {
    if (!isHere(path)) return false
    rename(path, null)
    return true
  }

  function makeFolder(path: string): boolean {
    if (!isHere(path)) return false
    rename(path, folder())
    return true
  }

  function refuse({ call, paths, descriptors }: Extract<Step, { type: 'unknown' }>): boolean {
    const names = [...paths.filter(isHere), ...descriptors.flatMap((each) => handles.get(each)?.name ?? [])]
    if (names.length > 0)
      throw new TraceError(`expected no ${call} of ${names.join(', ')}: the model of the disk does not know it`)
    return false
  }

  function apply(step: Step): boolean {
    switch (step.type) {
      case 'open':
        return open(step)
      case 'close':
        handles.delete(step.descriptor)
        return false
      case 'unlink':
        return unlink(step.path)
      case 'make_folder':
        return makeFolder(step.path)
      case 'unknown':
        return refuse(step)
      case 'say':
        return false
      default: {
        const handle = handles.get(step.descriptor)
        return handle === undefined ? false : change(handle, step, liesAbout)
      }
    }
  }
  return { root, apply, find }
}

type Change = Extract<Step, { type: 'write' | 'sync' | 'truncate' | 'allocate' }>

function change(handle: Handle, step: Change, liesAbout: (name: string) => boolean): boolean {
  const { node, name } = handle
  if (step.type === 'sync') {
    if (!liesAbout(name)) sync(node)
    return true
  }
  if (node.type === 'folder') throw new TraceError(`expected no ${step.type} of the folder ${name}`)
  if (step.type === 'write') write(handle, node, step)
  else if (step.type === 'truncate') resize(node, step.size)
  else if (step.end > node.size) resize(node, step.end)
  return true
}

function write(handle: Handle, node: FileNode, { offset, bytes }: Extract<Step, { type: 'write' }>): void {
  const from = offset ?? (handle.position === 'end' ? node.size : handle.position)
  if (from === null) throw new TraceError(`expected a write to ${handle.name} to say where, since reads are not traced`)
  const end = from + bytes.length
  if (offset === null && handle.position !== 'end') handle.position = end
  node.pending.push({ type: 'write', offset: from, bytes })
  node.size = Math.max(node.size, end)
}

function resize(node: FileNode, size: number): void {
  node.pending.push({ type: 'resize', size })
  node.size = size
}

function changeName(parent: FolderNode, change: NameChange): void {
  parent.pending.push(change)
  setName(parent.names, change)
}

function sync(node: DiskNode): void {
  if (node.type === 'file') node.synced = contentOf(node)
  else for (const change of node.pending) setName(node.synced, change)
  node.pending.length = 0
}

export function setName(names: Map<string, DiskNode>, { name, node }: NameChange): void {
  if (node === null) names.delete(name)
  else names.set(name, node)
}

/** The file as the running system sees it. */
export function contentOf({ synced, pending, size }: FileNode): Buffer {
  const largest = pending.reduce((most, each) => Math.max(most, endOf(each)), Math.max(synced.length, size))
  const content = Buffer.alloc(largest)
  synced.copy(content)
  for (const each of pending) {
    if (each.type === 'write') each.bytes.copy(content, each.offset)
    else content.fill(0, each.size)
  }
  return content.subarray(0, size)
}

/** Where a change ends: for a write the byte after its last, for a new size that size. */
export function endOf(change: FileChange): number {
  return change.type === 'write' ? change.offset + change.bytes.length : change.size
}

function folder(): FolderNode {
  return { type: 'folder', names: new Map(), synced: new Map(), pending: [] }
}

function nameOf(node: DiskNode, path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return node.type === 'folder' ? `${name}/` : name
}
