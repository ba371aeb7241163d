/** A planted bug: the program of an isolated call that begins without looking whether its runtime lives, and before its guard is up. */
import { Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { frameOf, MAX_FRAME_BYTES, MESSAGES_FD, readFrames } from '../../src/runtime/isolated/frames.ts'
import type { ToTool } from '../../src/runtime/isolated/messages.ts'
import { serveCall } from '../../src/runtime/isolated/tool-side.ts'

new Worker(new URL('../../src/runtime/isolated/guard.ts', import.meta.url)).unref()
const pipe = new Socket({ fd: MESSAGES_FD, readable: true, writable: true })
pipe.on('error', () => {})
serveCall({
  send: (message) => void pipe.write(frameOf(message)),
  // The runtime writes nothing else.
  onMessage: (listener) =>
    void pipe.on(
      'data',
      readFrames(
        (message) => listener(message as ToTool),
        () => {},
        MAX_FRAME_BYTES,
      ),
    ),
  guard: async () => {},
  refusal: () => null,
})
