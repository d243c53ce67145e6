import { z } from 'zod';

const when = z.iso.datetime();

export const budgetSchema = z.object({
  connectionId: z.uuid(),
  resource: z.string().describe('What the source counts apart: `core`, `graphql`, `search`, …'),
  limit: z.number().int().nullable().describe('null: the source has not said yet'),
  remaining: z.number().int().nullable(),
  resetAt: when.nullable().describe('When all of it is there again; null: it is, or nobody knows'),
  blockedUntil: when.nullable().describe('Nothing is asked before that; null: it may be asked'),
  reason: z
    .enum(['quota', 'pace'])
    .nullable()
    .describe('`quota`: the limit is used up. `pace`: the source asked us to slow down'),
  historyUntil: when
    .nullable()
    .describe('History waits until then, to leave the rest to people and to what just happened'),
  heardAt: when.nullable(),
});

/** How much of a source's limits is left, and until when it is not asked. */
export type Budget = z.infer<typeof budgetSchema>;

export const budgetListSchema = z.object({ budgets: z.array(budgetSchema) }).meta({ id: 'BudgetList' });
export type BudgetList = z.infer<typeof budgetListSchema>;
