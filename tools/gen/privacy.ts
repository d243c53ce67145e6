import { drawPrivacy } from '@devpulse/server/privacy/draw-privacy';
import type { GeneratedFile } from '../generated-file.ts';

/** What is collected, from where, who sees it and for how long. */
export async function generate(): Promise<GeneratedFile[]> {
  return [{ path: 'docs/generated/privacy.md', content: drawPrivacy() }];
}
