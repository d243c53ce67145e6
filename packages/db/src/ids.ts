import { createHash, randomFillSync } from 'node:crypto';

/** A new UUID version 7: sorted by time of making, so that new rows land at the end of an index. */
export function newId(): string {
  if (randomAt === random.length) {
    randomFillSync(random);
    randomAt = 0;
  }
  const bytes = Buffer.from(random.subarray(randomAt, randomAt + 16));
  randomAt += 16;
  bytes.writeUIntBE(Date.now(), 0, 6);
  return format(bytes, 0x70);
}

// Randomness is fetched for many ids at once: one call each took a quarter of a second for 22,000 captured events.
const random = Buffer.alloc(16 * 256);
let randomAt = random.length;

/**
 * The id that always belongs to a natural key, so that facts rebuilt from raw events get the ids they had.
 * @example stableId('identity', workspaceId, 'git', 'ada@example.org')
 */
export function stableId(...key: string[]): string {
  const hash = createHash('sha256');
  for (const part of key) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return format(hash.digest().subarray(0, 16), 0x80);
}

function format(bytes: Buffer, version: number): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | version;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** True for the canonical text form of a UUID, the only form that may reach a setting of the session. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);
}

/** Stands for "all resources together" in `rollup_days`. */
export const allResources = '00000000-0000-0000-0000-000000000000';
