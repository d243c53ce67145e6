import { z } from 'zod';
import { daySchema } from '../day.ts';

const pageSchema = z.object({
  cursor: z.string().max(500).optional().describe('`nextCursor` of the page before'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** Somebody whose numbers may be asked for. */
export const viewableSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    avatar: z.string().nullable().describe('Address of their picture; null: draw their initials'),
  })
  .meta({ id: 'ViewablePerson' });
export type ViewablePerson = z.infer<typeof viewableSchema>;

export const viewableListQuerySchema = pageSchema.extend({
  search: z.string().trim().min(1).max(200).optional().describe('Part of the name'),
});
export type ViewableListQuery = z.infer<typeof viewableListQuerySchema>;
export const viewableListSchema = z.object({ people: z.array(viewableSchema), nextCursor: z.string().nullable() });

/** One of them, with what a board has to know beforehand. */
export const viewableDetailSchema = viewableSchema
  .extend({ zone: z.string().describe('In which their days are cut'), today: daySchema })
  .meta({ id: 'ViewableDetail' });
export type ViewableDetail = z.infer<typeof viewableDetailSchema>;

/** For so many days a person can see who looked. */
export const looksKeptDays = 180;

export const lookSchema = z
  .object({
    day: daySchema.describe('In the workspace’s zone'),
    viewer: z.object({ id: z.uuid(), name: z.string(), avatar: z.string().nullable() }),
  })
  .meta({ id: 'Look', description: 'Somebody looked at the person’s numbers on that day, once or often' });
export type LookView = z.infer<typeof lookSchema>;

export const lookListQuerySchema = pageSchema;
export type LookListQuery = z.infer<typeof lookListQuerySchema>;
export const lookListSchema = z.object({
  looks: z.array(lookSchema),
  keptDays: z.number().int(),
  nextCursor: z.string().nullable(),
});
export type LookList = z.infer<typeof lookListSchema>;
