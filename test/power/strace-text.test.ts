import { describe, expect, test } from 'vitest'
import { bytesOf, readStrace, TraceError } from './strace-text.ts'

const read = (...lines: readonly string[]) => [...readStrace(lines.map((line) => `${line}\n`).join(''))]

describe('the text of strace', () => {
  test('is read as calls with their arguments and answers', () => {
    expect(read('12 pwrite64(5, "\\x61\\x62", 2, 512) = 2', '12  fsync(5)                = 0')).toEqual([
      { name: 'pwrite64', args: ['5', '"\\x61\\x62"', '2', '512'], result: 2 },
      { name: 'fsync', args: ['5'], result: 0 },
    ])
    expect(read('12 mmap(NULL, 8, PROT_READ, MAP_SHARED, 5, 0) = 0x7f00')).toMatchObject([{ result: 0x7f00 }])
  })

  test('keeps structures and lists whole', () => {
    const [call] = read('7 writev(5, [{iov_base="\\x61", iov_len=1}, {iov_base="\\x62", iov_len=1}], 2) = 2')
    expect(call?.args).toEqual(['5', '[{iov_base="\\x61", iov_len=1}, {iov_base="\\x62", iov_len=1}]', '2'])
  })

  test('puts a call where it ended, and joins its two lines', () => {
    const calls = read(
      '12 fsync(5 <unfinished ...>',
      '13 write(6, "\\x61", 1) = 1',
      '12 <... fsync resumed>)    = 0',
      '13 pwrite64(5, "\\x62", 1, 3 <unfinished ...>',
      '13 <... pwrite64 resumed>) = 1',
    )
    expect(calls.map(({ name, args }) => [name, args.at(-1)])).toEqual([
      ['write', '1'],
      ['fsync', '5'],
      ['pwrite64', '3'],
    ])
  })

  test('leaves out what failed, what never ended, exits and signals', () => {
    const nothing = read(
      '12 openat(AT_FDCWD, "\\x61", O_RDONLY) = -1 ENOENT (No such file or directory)',
      '12 fsync(5 <unfinished ...>',
      '12 write(5, "\\x61", 1) = ?',
      '13 --- SIGCHLD {si_signo=SIGCHLD} ---',
      '13 +++ exited with 0 +++',
    )
    expect(nothing).toEqual([])
    expect([...readStrace('12 fsync(5) = 0\n12 fsy')]).toHaveLength(1)
  })

  test.each([
    ['a sync that failed', '12 fsync(5) = -1 EIO (Input/output error)'],
    ['a line of something else', 'strace: Process 12 attached'],
    ['a call without an answer', '12 fsync(5)'],
  ])('is refused for %s', (_what, line) => {
    expect(() => read(line)).toThrow(TraceError)
  })
})

describe('a string of strace', () => {
  test('is its bytes', () => {
    expect(bytesOf('"\\x00\\xff\\x0a"')).toEqual(Buffer.from([0, 255, 10]))
    expect(bytesOf('""')).toHaveLength(0)
  })

  test.each([
    '"\\x61"...',
    '"a"',
    '"\\x6"',
    undefined,
  ])('is refused where it is shortened or not in hexadecimal: %s', (text) => {
    expect(() => bytesOf(text)).toThrow(TraceError)
  })
})
