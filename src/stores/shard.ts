import { hash } from 'node:crypto'

const SHARDS = 1024

/** The shard of a tenant, a permanent format: the first 4 bytes of sha256(tenant), big-endian, modulo 1024. */
export function shardOf(tenant: string): number {
  return Number.parseInt(hash('sha256', tenant, 'hex').slice(0, 8), 16) % SHARDS
}
