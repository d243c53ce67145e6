import { z } from 'zod';
import { scopeSchema } from '../permissions.ts';

/** The longest that a token lives, and what it lives when nothing is said. */
export const tokenDays = { most: 366, usual: 90 } as const;

const nameSchema = z.string().trim().min(1, 'A token needs a name.').max(100, 'at most 100 characters');

export const tokenSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    prefix: z.string().describe('Its first nine characters, which tell it from others and open nothing'),
    scopes: z.array(scopeSchema),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable().describe('null: it does not end by itself'),
    lastUsedAt: z.iso.datetime().nullable().describe('To the minute'),
    state: z.enum(['active', 'expired', 'revoked']),
    revokedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Token' });
export type TokenView = z.infer<typeof tokenSchema>;

export const tokenListSchema = z.object({ tokens: z.array(tokenSchema) }).meta({ id: 'TokenList' });
export type TokenList = z.infer<typeof tokenListSchema>;

export const createTokenSchema = z.strictObject({
  name: nameSchema,
  scopes: z
    .array(scopeSchema)
    .min(1, 'Choose at least one.')
    .max(20)
    .describe('What the token may do; never more than the role of its person allows at that moment'),
  expiresInDays: z
    .number()
    .int()
    .min(1)
    .max(tokenDays.most)
    .default(tokenDays.usual)
    .describe('After so many days it counts no more'),
});
export type CreateToken = z.input<typeof createTokenSchema>;

export const createdTokenSchema = z
  .object({ token: z.string().describe('Shown this once; the store keeps a hash'), entry: tokenSchema })
  .meta({ id: 'CreatedToken' });
export type CreatedToken = z.infer<typeof createdTokenSchema>;
