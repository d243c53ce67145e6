import { z } from 'zod';

/** `manifest.json`, the last file of an export: what is in it. */
export const manifestSchema = z.object({
  format: z.literal('devpulse-export'),
  version: z.literal(1),
  program: z.string(),
  scope: z.enum(['mine', 'workspace']),
  exportedAt: z.iso.datetime(),
  workspaces: z.array(
    z.object({
      folder: z.string().regex(/^workspaces\/\d+$/),
      name: z.string(),
      kind: z.string(),
      /** all: everything in it, with settings and events that can be taken in elsewhere; own: the person's rows. */
      rows: z.enum(['all', 'own']),
      events: z.int().nonnegative(),
      eventsWithoutBody: z.int().nonnegative(),
    }),
  ),
  files: z.array(
    z.object({
      path: z.string(),
      rows: z.int().nonnegative(),
      bytes: z.int().nonnegative(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});
export type Manifest = z.infer<typeof manifestSchema>;
