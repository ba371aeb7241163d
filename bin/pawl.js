#!/usr/bin/env node
// Written so that an old Node can parse it: nothing is imported before the check, and nothing is newer than `import()`.
var needed = [24, 11]
var found = process.versions.node.split('.').map(Number)

if (found[0] < needed[0] || (found[0] === needed[0] && found[1] < needed[1])) {
  console.error(
    [
      'pawl: expected Node ' + needed.join('.') + ' or newer, found Node ' + process.versions.node + '.',
      'Install a newer Node from https://nodejs.org, or in a clone of pawl let npm use the one that `npm ci` brought:',
      '  npm run pawl -- <command>',
    ].join('\n'),
  )
  process.exit(1)
} else {
  import('./start.js').catch(function (error) {
    console.error(error)
    process.exit(1)
  })
}
