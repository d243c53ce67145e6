import { roles } from '@devpulse/server/config';
import { documentAreas } from '@devpulse/server/reference/document-areas';
import { areas } from '@devpulse/server/runtime/areas';
import { programVersion } from '@devpulse/server/runtime/program-version';
import type { GeneratedFile } from '../generated-file.ts';

/** The API as OpenAPI 3.1, so that a change of it shows in a review. */
export async function generate(): Promise<GeneratedFile[]> {
  const document = await documentAreas(areas(roles), programVersion);
  return [{ path: 'docs/generated/openapi.json', content: `${JSON.stringify(document, null, 2)}\n` }];
}
