import { z } from 'zod';
import { zoneSchema } from '../zone.ts';

export const passwordSchema = z
  .string()
  .min(10, 'at least 10 characters')
  .max(200, 'at most 200 characters')
  .describe('Kept as an argon2id hash only');

/** An address as people type it; capital letters make no difference. */
export const emailSchema = z.email('must be an e-mail address').max(254, 'at most 254 characters').toLowerCase();

const workspaceEntrySchema = z.object({
  id: z.uuid(),
  name: z.string(),
  kind: z.enum(['personal', 'team', 'demo']),
  role: z.enum(['owner', 'admin', 'manager', 'member']),
});

/** What the browser has to know before it can draw anything. */
export const sessionSchema = z
  .object({
    state: z
      .enum(['needs_setup', 'signed_out', 'second_factor', 'signed_in'])
      .describe(
        'needs_setup: nobody owns this instance yet; open the one-time link that the program printed. ' +
          'second_factor: the password was right, and a code is asked for',
      ),
    account: z
      .object({ id: z.uuid(), name: z.string(), email: z.string().nullable().describe('null: none was told') })
      .nullable(),
    offers: z
      .object({
        github: z.boolean().describe('Whether one can sign in with GitHub'),
        mail: z.boolean().describe('Whether this instance can send mail, as for a forgotten password'),
      })
      .describe('What is set up here'),
    workspace: workspaceEntrySchema.nullable().describe('The one that is acted in'),
    personId: z.uuid().nullable(),
    workspaces: z.array(workspaceEntrySchema),
    runsInstance: z
      .boolean()
      .describe('Whether one looks after the instance itself: its jobs, its faults, the folders of its machine'),
  })
  .meta({ id: 'Session' });
export type SessionView = z.infer<typeof sessionSchema>;

/**
 * On an instance that has an owner already, the link is the way back in when the password is lost: then a password suffices,
 * and what else is given changes the settings.
 */
export const setupSchema = z.strictObject({
  token: z.string().min(20).max(200).describe('From the one-time link'),
  name: z.string().trim().min(1).max(200).optional().describe('Needed while nobody owns the instance'),
  email: emailSchema.optional().describe('To sign in with; needed while the owner has none'),
  zone: zoneSchema.optional().describe('Needed while nobody owns the instance'),
  weekStart: z.number().int().min(1).max(7).optional().describe('Needed while nobody owns the instance'),
  password: passwordSchema,
});
export type Setup = z.infer<typeof setupSchema>;

export const signInSchema = z.strictObject({ email: emailSchema, password: z.string().min(1).max(200) });
export const switchWorkspaceSchema = z.strictObject({ workspaceId: z.uuid() });
