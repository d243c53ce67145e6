import { z } from 'zod';
import { defineConnector } from '@devpulse/contract/connector';
import { MalformedEvent } from '@devpulse/contract/drop-reasons';
import type { Fact } from '@devpulse/contract/facts';

/** A connector whose events carry facts as JSON, and whose poisoned kinds misbehave in every way a parser can. */
const plain = defineConnector({
  id: 'plain',
  title: 'Plain facts',
  summary: 'Facts as JSON, for tests of the pipeline.',
  settings: z.object({}),
  kinds: [],
  parse: (event) => {
    switch (event.kind) {
      case 'facts':
        return { facts: JSON.parse(Buffer.from(event.body).toString()) as Fact[] };
      case 'nothing':
        return { ignored: 'unknown_kind' };
      case 'malformed':
        throw new MalformedEvent('not what was promised');
      case 'throws':
        throw new Error('a fault of ours');
      case 'loops':
        for (;;) continue;
      case 'slow':
        return dawdle(Number(Buffer.from(event.body).toString()));
      case 'buffers':
        return hoardBuffers();
      default:
        return devour();
    }
  },
});

function devour(): never {
  const hoard: number[][] = [];
  for (;;) hoard.push(Array.from({ length: 1_000_000 }, (_, index) => index));
}

/** Honest work that takes so many milliseconds. */
function dawdle(ms: number): { ignored: 'unknown_kind' } {
  const until = performance.now() + ms;
  while (performance.now() < until);
  return { ignored: 'unknown_kind' };
}

/** Memory that the limit of a heap does not count. */
function hoardBuffers(): never {
  const hoard: Buffer[] = [];
  for (;;) hoard.push(Buffer.alloc(1024 * 1024, 1));
}

export const connectors = [plain];
