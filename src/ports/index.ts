/** What the runtime needs from outside: interfaces, their promises, and their errors. */
export * from './env.ts'
export * from './errors.ts'
export * from './model.ts'
export * from './policy.ts'
export * from './schema.ts'
export * from './store.ts'
export * from './tool.ts'
