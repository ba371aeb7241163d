import { describe, expect, test } from 'vitest'
import { contentOf } from './disk.ts'
import { diskAfter, diskThatLies, trace } from './hand-written.fixture.ts'
import { TraceError } from './strace-text.ts'

const { create, openFolder, makeFolder, unlink, write, add, truncate, sync, close } = trace

function fileIn(disk: ReturnType<typeof diskAfter>, name: string) {
  const node = disk.find(`/disk/${name}`)
  if (node?.type !== 'file') throw new Error(`expected the file ${name}`)
  return node
}

describe('a file of the model', () => {
  test('is for certain what was written before its last sync, and no more', () => {
    const disk = diskAfter(create('a', 5), write(5, 'one', 0), sync(5), write(5, 'two', 3))
    const { synced, pending } = fileIn(disk, 'a')
    expect(synced.toString()).toBe('one')
    expect(pending).toEqual([{ type: 'write', offset: 3, bytes: Buffer.from('two') }])
    expect(contentOf(fileIn(disk, 'a')).toString()).toBe('onetwo')
  })

  test('is synced by any descriptor that is open on it, and by that of no other file', () => {
    const disk = diskAfter(create('a', 5), create('b', 6), create('a', 7), write(5, 'one', 0), sync(6))
    expect(fileIn(disk, 'a').synced).toHaveLength(0)
    disk.apply({ type: 'sync', descriptor: 7 })
    expect(fileIn(disk, 'a').synced.toString()).toBe('one')
  })

  test('is cut, and grows again with zeros', () => {
    const disk = diskAfter(create('a', 5), write(5, 'abcdef', 0), truncate(5, 2), truncate(5, 4), sync(5))
    expect(fileIn(disk, 'a').synced.toString()).toBe('ab\0\0')
  })

  test('is written where the descriptor stands, if that is known', () => {
    const disk = diskAfter(
      ...[create('a', 5, 'O_WRONLY|O_CREAT|O_TRUNC'), add(5, 'one'), add(5, 'two'), close(5)],
      ...[create('a', 5, 'O_WRONLY|O_APPEND'), add(5, 'three'), sync(5)],
    )
    expect(fileIn(disk, 'a').synced.toString()).toBe('onetwothree')
    expect(() => diskAfter(create('a', 5), add(5, 'one'))).toThrow(TraceError)
  })

  test('is empty after it was opened to be emptied', () => {
    const disk = diskAfter(create('a', 5), write(5, 'one', 0), sync(5), create('a', 6, 'O_WRONLY|O_CREAT|O_TRUNC'))
    expect(contentOf(fileIn(disk, 'a'))).toHaveLength(0)
    expect(fileIn(disk, 'a').synced.toString()).toBe('one')
  })

  test('takes room with fallocate, which reads as zeros', () => {
    const disk = diskAfter(create('a', 5), write(5, 'x', 0), '1 fallocate(5, 0, 0, 4) = 0')
    expect(contentOf(fileIn(disk, 'a')).toString()).toBe('x\0\0\0')
  })

  test('goes on under its descriptor when its name is gone, and under another descriptor nothing of it is left', () => {
    const disk = diskAfter(create('a', 5), unlink('a'), create('a', 6), write(5, 'old', 0), write(6, 'new', 0))
    expect(contentOf(fileIn(disk, 'a')).toString()).toBe('new')
  })

  test('is not touched through a number that now means something else', () => {
    const disk = diskAfter(create('a', 5), write(5, 'one', 0), close(5), openFolder('/../etc', 5), sync(5))
    expect(fileIn(disk, 'a').synced).toHaveLength(0)
  })
})

describe('a folder of the model', () => {
  test('has a name for certain only after its own sync', () => {
    const lines = [create('a', 5), write(5, 'one', 0), sync(5), openFolder('', 6)]
    expect([...diskAfter(...lines).root.synced.keys()]).toEqual([])
    expect([...diskAfter(...lines, sync(6)).root.synced.keys()]).toEqual(['a'])
    const removed = diskAfter(...lines, sync(6), unlink('a'))
    expect([...removed.root.synced.keys(), ...removed.root.names.keys()]).toEqual(['a'])
    removed.apply({ type: 'sync', descriptor: 6 })
    expect(removed.root.synced.size).toBe(0)
  })

  test('that was made is a name in the folder above, which a sync of itself does not keep', () => {
    const disk = diskAfter(makeFolder('f'), create('f/a', 5), openFolder('/f', 6), sync(6))
    expect(disk.root.synced.size).toBe(0)
    const folder = disk.find('/disk/f')
    expect(folder?.type === 'folder' && [...folder.synced.keys()]).toEqual(['a'])
  })
})

describe('the model', () => {
  test('knows nothing of other folders, nor of the index of a log', () => {
    const disk = diskAfter(create('a-shm', 5), write(5, 'x', 0), create('../else', 6))
    expect(disk.root.names.size).toBe(0)
    expect(disk.find('/disk/a-shm')).toBeNull()
  })

  test.each([
    ['renames a file', '1 rename("\\x2f\\x64\\x69\\x73\\x6b\\x2f\\x61", "\\x2f\\x62") = 0'],
    ['writes lists', '1 pwritev(5, [{iov_base="\\x61", iov_len=1}], 1, 0) = 1'],
    ['writes through memory', '1 mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, 5, 0) = 0x7f00'],
    ['copies a file', '1 copy_file_range(9, NULL, 5, NULL, 4096, 0) = 4096'],
    ['gives a descriptor a second number', '1 dup(5) = 7'],
  ])('refuses a trace that %s, since it would be wrong about it', (_what, line) => {
    expect(() => diskAfter(create('a', 5), line)).toThrow(TraceError)
  })

  test('refuses a relative path of what is changed, and reads one', () => {
    expect(() => diskAfter('1 unlink("\\x61") = 0')).toThrow(TraceError)
    expect(() => diskAfter('1 openat(9, "\\x61", O_RDWR|O_CREAT, 0644) = 5')).toThrow(TraceError)
    expect(() => diskAfter('1 openat(9, "\\x61", O_RDONLY) = 5')).not.toThrow()
  })

  test('leaves the same calls alone where they are about something else', () => {
    expect(() =>
      diskAfter(create('a', 5), '1 dup(9) = 7', '1 mmap(NULL, 8, PROT_READ, MAP_SHARED, 5, 0) = 0x7f00'),
    ).not.toThrow()
  })

  test('can be told to lie about a sync', () => {
    const lines = [create('a', 5), write(5, 'one', 0), sync(5), openFolder('', 6), sync(6)]
    const disk = diskThatLies((name) => name === 'a', ...lines)
    expect(fileIn(disk, 'a').synced).toHaveLength(0)
    expect(disk.root.synced.size).toBe(1)
    expect(diskThatLies((name) => name === 'disk/', ...lines).root.synced.size).toBe(0)
  })
})
