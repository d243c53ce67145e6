import type { Arrival } from '@devpulse/contract/raw-event';

/** One raw event of one workspace, as it came. */
export interface CaptureRow {
  workspaceId: string;
  source: string;
  key: string;
  kind: string;
  arrival: Arrival;
  body: Buffer;
}

/** `clash`: the key is known with other content; what was there stays. */
export type CaptureOutcome = 'accepted' | 'duplicate' | 'clash';

/** A row made ready for the store, and the promise of its sender. */
export interface Entry {
  row: CaptureRow;
  id: string;
  sha256: Buffer;
  stored: Buffer;
  encoding: 'identity' | 'gzip';
  settle(outcome: CaptureOutcome): void;
  fail(error: unknown): void;
}
