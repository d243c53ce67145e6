import { z } from 'zod';
import { faultOfSlug } from '../slug.ts';
import { zoneSchema } from '../zone.ts';

/** The name of a workspace in addresses. */
export const slugSchema = z
  .string()
  .max(100)
  .superRefine((slug, context) => {
    const fault = faultOfSlug(slug);
    if (fault !== null) context.addIssue({ code: 'custom', message: fault });
  })
  .describe('Small letters, digits and single hyphens; unique on the instance. A former one leads to the workspace');

export const newWorkspaceSchema = z.strictObject({
  name: z.string().trim().min(1).max(200),
  slug: slugSchema,
  zone: zoneSchema.describe('In which the days of the workspace are cut'),
  weekStart: z.number().int().min(1).max(7).default(1),
});

export const workspacePlaceSchema = z
  .object({ id: z.uuid(), slug: z.string().nullable().describe('The present one'), name: z.string() })
  .meta({ id: 'WorkspacePlace' });
export type WorkspacePlace = z.infer<typeof workspacePlaceSchema>;

// Any text: what cannot be an address of a workspace is the address of none.
export const slugParamsSchema = z.object({ slug: z.string().min(1).max(100) });

export const handOverSchema = z.strictObject({
  personId: z.uuid().toLowerCase().describe('A member, who becomes an owner; you become an admin'),
});

export const becomeTeamSchema = z.strictObject({
  name: z.string().trim().min(1).max(200).describe('What the workspace is called from now on'),
});

export const deleteWorkspaceSchema = z.strictObject({
  name: z.string().max(300).describe('The name of the workspace, typed once more'),
});
