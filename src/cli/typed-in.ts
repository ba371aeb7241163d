/** The folder in which the command was typed. `npm run pawl` changes to the project's root first, and says where it came from. */
export function typedIn(): string {
  const { npm_lifecycle_event: script, INIT_CWD: from } = process.env
  return script === 'pawl' && from !== undefined ? from : process.cwd()
}
