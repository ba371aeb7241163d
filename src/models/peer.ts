import { PawlError } from '../ports/index.ts'

/** An optional package that is needed here and not installed. The message says how to install it. */
export class PeerMissingError extends PawlError {
  readonly packageName: string

  constructor(packageName: string, cause: unknown) {
    const message = `expected the package ${packageName}, which is not installed. Install it: npm install ${packageName}`
    super('peer_missing', message, { cause })
    this.packageName = packageName
  }
}

/** Loads an optional package the first time that it is needed; `PeerMissingError` where it is not there. */
export async function loadPeer<Loaded>(packageName: string, load: () => Promise<Loaded>): Promise<Loaded> {
  try {
    return await load()
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
    throw isMissing ? new PeerMissingError(packageName, error) : error
  }
}
