import { expect, test } from 'vitest'
import { readProbe } from './hire.ts'

test.each([
  'unshare: unshare failed: Operation not permitted\n',
  'mount: /mnt: permission denied.\n',
  // user.max_user_namespaces=0
  'unshare: unshare failed: No space left on device\n',
  // A kernel without user namespaces.
  'unshare: unshare failed: Invalid argument\n',
])('a machine that allows no mount refuses: %j', (stderr) => {
  expect(readProbe({ status: 1, stderr })).toEqual({ type: 'refused' })
})

test.each([
  'mount: /mnt: No space left on device.',
  'mount: /mnt: fsconfig() failed: Invalid argument.',
  '',
])('a mount that fails for another reason has failed: %j', (stderr) => {
  expect(readProbe({ status: 32, stderr })).toEqual({ type: 'failed', why: stderr })
})

test('unshare may be missing, and a mount may work', () => {
  const error = Object.assign(new Error('spawnSync unshare ENOENT'), { code: 'ENOENT' })
  expect(readProbe({ status: null, stderr: '', error })).toEqual({ type: 'missing' })
  expect(readProbe({ status: 0, stderr: '' })).toEqual({ type: 'works' })
})
