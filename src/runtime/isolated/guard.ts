/**
 * A thread beside an isolated call, which ends its process when the runtime is gone (a pipe whose other end only the runtime holds) or
 * the time of the call is over: also while the tool blocks its loop.
 */
import { Socket } from 'node:net'
import { parentPort } from 'node:worker_threads'
import { type Deadline, whenOver } from './bounds.ts'
import { endGroup } from './end-group.ts'
import { GUARD_FD } from './frames.ts'

const pipe = new Socket({ fd: GUARD_FD, readable: true, writable: false })
pipe.on('close', endGroup).on('error', endGroup).resume()
parentPort?.on('message', (endBy: Deadline) => whenOver(endBy, endGroup))
parentPort?.postMessage('watches')
