import { type RawBuilder, sql } from 'kysely';

/**
 * The workspace of the transaction, for the `where` of every question about a tenant's rows. Row-level security asks the same
 * thing once more; a question must be right without it (decision 0022). Read once for a statement, and indexes are used for it.
 */
export const ownWorkspace: RawBuilder<string> = sql<string>`(select nullif(current_setting('app.workspace', true), '')::uuid)`;
