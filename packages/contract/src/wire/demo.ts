import { z } from 'zod';

export const demoSchema = z
  .object({
    state: z
      .enum(['absent', 'making', 'ready', 'failed', 'removing'])
      .describe('failed: asking for it once more goes on where it stopped'),
    workspaceId: z.uuid().nullable().describe('The workspace of kind `demo` that it lies in'),
    progress: z
      .object({ what: z.string(), done: z.number(), total: z.number().nullable() })
      .nullable()
      .describe('While it is being made'),
    error: z.string().nullable(),
  })
  .meta({ id: 'Demo', description: 'Made-up data in a workspace of its own, which can be removed in one action' });
export type DemoView = z.infer<typeof demoSchema>;
