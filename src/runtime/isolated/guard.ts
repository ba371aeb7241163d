/** Ends the process of an isolated call when its runtime is gone: a pipe whose other end only the runtime holds. */
import { Socket } from 'node:net'
import { GUARD_FD } from './guard-fd.ts'

const pipe = new Socket({ fd: GUARD_FD, readable: true, writable: false })
const end = () => process.kill(process.pid, 'SIGKILL')
pipe.on('close', end).on('error', end).resume()
