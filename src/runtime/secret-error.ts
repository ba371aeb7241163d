import { ToolError } from '../ports/index.ts'

/**
 * `code`: `secret_not_declared`, `secret_unknown`, `secret_unavailable`, `secret_unusable`, `secret_limit`, `secret_in_definition`.
 * Never holds a value.
 */
export class SecretError extends ToolError {
  override readonly code: string

  constructor(code: string, message: string, options: { readonly retryable?: boolean } = {}) {
    super(message, options)
    this.code = code
  }
}
