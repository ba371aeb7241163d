/** A real HTTP server on loopback that answers each path with what it was told, in exactly the chunks that it was told. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Reply = {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Each is one chunk of the transfer encoding, and so one piece for the reader. */
  readonly chunks: readonly (Uint8Array | string)[]
  /** `cut`: the connection is destroyed after the last chunk, without the end of the body. `hang`: nothing more comes. */
  readonly end?: 'clean' | 'cut' | 'hang'
}

export type StubServer = {
  /** A base URL below which every request gets this reply. */
  readonly serve: (reply: Reply) => string
  /** The bodies of the requests to a base URL, parsed. */
  readonly requests: (url: string) => readonly unknown[]
  readonly close: () => Promise<void>
}

export async function stubServer(): Promise<StubServer> {
  const replies = new Map<string, Reply>()
  const seen = new Map<string, unknown[]>()
  const server = createServer((request, response) => {
    const key = request.url?.split('/')[1] ?? ''
    const reply = replies.get(key)
    bodyOf(request).then((body) => {
      seen.get(key)?.push(JSON.parse(body))
      if (reply === undefined) response.writeHead(404).end()
      else send(reply, response)
    }, noop)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // An address without a port is that of a pipe, which this is not.
  const { port } = server.address() as AddressInfo
  return {
    serve(reply) {
      const key = `r${replies.size}`
      replies.set(key, reply)
      seen.set(key, [])
      return `http://127.0.0.1:${port}/${key}`
    },
    requests: (url) => seen.get(url.split('/').at(-1) ?? '') ?? [],
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

function send({ status = 200, headers, chunks, end = 'clean' }: Reply, response: ServerResponse): void {
  response.on('error', noop)
  response.writeHead(status, { 'content-type': 'text/event-stream', ...headers })
  response.flushHeaders()
  for (const chunk of chunks) if (chunk.length > 0) response.write(chunk)
  if (end === 'clean') response.end()
  // An empty chunk is not sent, but its callback waits for those before it.
  if (end === 'cut') response.write('', () => response.destroy())
}

function noop(): void {}
