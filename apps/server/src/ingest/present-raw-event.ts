import { isUtf8 } from 'node:buffer';
import { failReasons, ignoreReasons } from '@devpulse/contract/drop-reasons';
import type { RawEventView } from '@devpulse/contract/wire/events';
import type { RawEventRow } from '@devpulse/pipeline/capture/read-events';

const words: Record<string, string> = { ...ignoreReasons, ...failReasons };
const shownBytes = 1024 * 1024;

/** A raw event as the API shows it in lists. */
export function presentRawEvent(row: RawEventRow): RawEventView {
  return {
    id: row.id,
    source: row.source,
    key: row.key,
    kind: row.kind,
    arrival: row.arrival as RawEventView['arrival'],
    receivedAt: row.receivedAt.toISOString(),
    state: row.state,
    reason: row.reason,
    reasonText: row.reason === null ? null : (words[row.reason] ?? null),
    detail: row.detail,
    attempts: row.attempts,
    nextAttemptAt: row.state === 'pending' ? row.runAfter.toISOString() : null,
    storedBytes: row.bytes,
  };
}

/** Its body, as text where it is text. */
export function presentBody(
  body: Buffer | null,
): { bytes: number; encoding: 'utf8' | 'base64'; content: string | null } | null {
  if (body === null) return null;
  const encoding = isUtf8(body) ? 'utf8' : 'base64';
  return { bytes: body.length, encoding, content: body.length > shownBytes ? null : body.toString(encoding) };
}
