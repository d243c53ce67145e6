import { createHash } from 'node:crypto';
import { Writable } from 'node:stream';
import type { Store } from '@devpulse/db/open-store';
import { writePart } from './transfer-row.ts';

const partBytes = 1024 * 1024;

/** A stream that keeps what is written to it as the parts of a transfer. */
export interface PartSink {
  stream: Writable;
  /** What was written, once the stream has ended. */
  written(): { bytes: number; sha256: Buffer };
}

/** Opens it. The parts are written one transaction each, so that a large file holds no lock. */
export function openPartSink(store: Store, at: { workspaceId: string; transferId: string }): PartSink {
  const hash = createHash('sha256');
  let held: Buffer[] = [];
  let heldBytes = 0;
  let bytes = 0;
  let part = 0;
  const flush = async (): Promise<void> => {
    if (heldBytes === 0) return;
    const body = Buffer.concat(held);
    held = [];
    heldBytes = 0;
    await store.inWorkspace(at.workspaceId, (trx) => writePart(trx, { ...at, part }, body));
    part += 1;
  };
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      bytes += chunk.length;
      held.push(chunk);
      heldBytes += chunk.length;
      if (heldBytes < partBytes) done();
      else settle(flush(), done);
    },
    final: (done) => {
      settle(flush(), done);
    },
  });
  return { stream, written: () => ({ bytes, sha256: hash.digest() }) };
}

function settle(work: Promise<void>, done: (error?: Error) => void): void {
  void (async () => {
    const fault = await work.then(
      () => undefined,
      (error: Error) => error,
    );
    done(fault);
  })();
}
