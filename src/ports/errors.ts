/** Errors with a stable `code`. The message says what was expected, what was found, and what to do. */
export class PawlError extends Error {
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}

/** The commit's answer was lost: it may stand in the log, or not. Nothing may start before the log has been read again. */
export class StoreUnclearError extends PawlError {
  constructor(message: string, options?: ErrorOptions) {
    super('store_unclear', message, options)
  }
}

/** There is no room for the write (a full disk, a page limit). Nothing of it was written; it may be tried again. */
export class StoreFullError extends PawlError {
  constructor(message: string, options?: ErrorOptions) {
    super('store_full', message, options)
  }
}

/** The store cannot be reached, or stayed locked. Nothing of the write was committed; it may be tried again. */
export class StoreUnavailableError extends PawlError {
  constructor(message: string, options?: ErrorOptions) {
    super('store_unavailable', message, options)
  }
}

/** What stands in the store cannot be what was written: a broken promise of the store, or of somebody who edited it. */
export class StoreCorruptError extends PawlError {
  constructor(message: string, options?: ErrorOptions) {
    super('store_corrupt', message, options)
  }
}
