import { drawRetention } from '@devpulse/server/retention/draw-retention';
import type { GeneratedFile } from '../generated-file.ts';

/** How long each kind of data stays. */
export async function generate(): Promise<GeneratedFile[]> {
  return [{ path: 'docs/generated/retention.md', content: drawRetention() }];
}
