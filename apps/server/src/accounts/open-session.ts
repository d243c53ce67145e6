import { sql } from 'kysely';
import { newId } from '@devpulse/db/ids';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { hashSecret, makeSecret } from './secret-format.ts';

/** Opens a session of an account and gives its secret, which is known to nobody else from then on. */
export async function openSession(wish: {
  db: Store['app'] | WorkspaceTransaction;
  accountId: string;
  /** Null: wherever the account has been the longest. */
  workspaceId: string | null;
  agent: string;
}): Promise<string> {
  const secret = makeSecret();
  await sql`select open_session(
    ${newId()}, ${wish.accountId}, ${wish.workspaceId}, ${hashSecret('session', secret)}, ${wish.agent.slice(0, 300)}
  )`.execute(wish.db);
  return secret;
}
