import { z } from 'zod';
import { daySchema, storedDaySchema } from '../day.ts';

const nameSchema = z.string().trim().min(1).max(100);
// Also the last part of an address, so small letters, digits and single dashes.
const slugSchema = z
  .string()
  .min(1)
  .max(60)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'small letters, digits and single dashes');
const givenIdSchema = z.uuid().toLowerCase();

export const teamParamsSchema = z.object({ id: givenIdSchema });
export const stayParamsSchema = z.object({ id: givenIdSchema, stayId: givenIdSchema });

/** What somebody is in a team. */
export const dutySchema = z.enum(['member', 'manager']);
export type Duty = z.infer<typeof dutySchema>;

/** From which day until which somebody is in a team; whoever comes back has two of them. */
export const staySchema = z
  .object({
    id: z.uuid(),
    person: z.object({ id: z.uuid(), name: z.string(), avatar: z.string().nullable() }),
    duty: dutySchema,
    from: daySchema.describe('First day in the team'),
    until: daySchema.nullable().describe('First day no longer in it; null: no end is set'),
    state: z.enum(['past', 'present', 'future']).describe('Today, in the workspace’s zone'),
  })
  .meta({ id: 'TeamStay' });
export type StayView = z.infer<typeof staySchema>;

export const teamSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    slug: z.string(),
    archivedAt: z.iso.datetime().nullable(),
    today: daySchema.describe('In the workspace’s zone, by which everything here goes'),
    stays: z.array(staySchema).describe('By name; of one person the newest first'),
  })
  .meta({ id: 'Team' });
export type TeamView = z.infer<typeof teamSchema>;

export const teamEntrySchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    slug: z.string(),
    archivedAt: z.iso.datetime().nullable(),
    members: z.number().int().describe('People in it today'),
    managers: z.array(z.object({ id: z.uuid(), name: z.string() })).describe('Today, by name'),
  })
  .meta({ id: 'TeamEntry' });
export type TeamEntry = z.infer<typeof teamEntrySchema>;
export const teamListQuerySchema = z.object({
  archived: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .default(false)
    .describe('true: archived teams as well'),
});
export const teamListSchema = z.object({ teams: z.array(teamEntrySchema) });

export const newTeamSchema = z.strictObject({
  name: nameSchema,
  slug: slugSchema.optional().describe('Left out: made from the name'),
});
export type NewTeam = z.infer<typeof newTeamSchema>;

export const updateTeamSchema = z.strictObject({
  name: nameSchema.optional(),
  slug: slugSchema.optional(),
  archived: z.boolean().optional().describe('An archived team gives nobody sight of anybody; its history stays'),
});
export type UpdateTeam = z.infer<typeof updateTeamSchema>;

export const newStaySchema = z.strictObject({
  personId: givenIdSchema,
  duty: dutySchema.default('member'),
  from: storedDaySchema.optional().describe('First day; left out: today'),
  until: storedDaySchema.nullable().optional().describe('First day no longer in it; left out or null: no end'),
  leaves: givenIdSchema.optional().describe('A team that the person leaves on that very day'),
});
export type NewStay = z.input<typeof newStaySchema>;

export const updateStaySchema = z.strictObject({
  from: storedDaySchema.optional(),
  until: storedDaySchema.nullable().optional().describe('First day no longer in it; null: no end'),
});
export type UpdateStay = z.infer<typeof updateStaySchema>;
