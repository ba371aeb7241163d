import { PawlError } from '../ports/index.ts'

/** A policy that could not mean what was written: thrown where it is made, never while a call is judged. */
export class InvalidPolicyError extends PawlError {
  constructor(message: string) {
    super('invalid_policy', message)
  }
}
