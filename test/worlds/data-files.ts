import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import type { Json } from 'pawl/core'

/** Path of one folder of the shared test data (`PAWL_DATA`, else `../shared/data`); `undefined` where it is absent. */
export function dataFolder(name: string): string | undefined {
  const besideProject = fileURLToPath(new URL('../../../shared/data', import.meta.url))
  const folder = join(process.env['PAWL_DATA'] ?? besideProject, name)
  return existsSync(folder) ? folder : undefined
}

/** The JSON value of a file; names that end in `.gz` are unzipped. Throws where the file is absent or not JSON. */
export function readJsonFile(folder: string, fileName: string): Json {
  const bytes = readFileSync(join(folder, fileName))
  // JSON.parse gives nothing but JSON.
  return JSON.parse((fileName.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')) as Json
}
