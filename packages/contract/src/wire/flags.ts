import { z } from 'zod';
import { type Flag, flagNames } from '../flags.ts';

export const flagSchema = z
  .object({
    name: z.enum(flagNames as [Flag, ...Flag[]]),
    says: z.string(),
    isOn: z.boolean(),
    isDefault: z.boolean().describe('Nobody has switched it'),
  })
  .meta({ id: 'Flag' });
export type FlagView = z.infer<typeof flagSchema>;

export const flagListSchema = z.object({ flags: z.array(flagSchema) }).meta({ id: 'FlagList' });
export type FlagList = z.infer<typeof flagListSchema>;
