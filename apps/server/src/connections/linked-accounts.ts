import { sql } from 'kysely';
import { githubAccountKey } from '@devpulse/contract/github-account';
import type { LinkedAccounts } from '@devpulse/contract/wire/connections';
import { stableId } from '@devpulse/db/ids';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { readConnections } from './connection-rows.ts';

/** A person's own GitHub accounts, with the author that each of them is in numbers. */
export async function listLinkedAccounts(store: Store, workspaceId: string, personId: string): Promise<LinkedAccounts> {
  return store.inWorkspace(workspaceId, async (trx) => {
    const own = (await readConnections(trx)).filter((row) => row.person_id === personId);
    const identities = own.map((row) =>
      stableId('identity', workspaceId, 'github', `id:${githubAccountKey(row.host, row.account_number)}`),
    );
    const known = await readKnown(trx, identities);
    return {
      accounts: own.map((row, index) => {
        const identity = identities[index] ?? '';
        return {
          connectionId: row.id,
          host: row.host,
          number: row.account_number,
          login: row.login,
          state: row.state,
          identityId: known.has(identity) ? identity : null,
        };
      }),
    };
  });
}

async function readKnown(trx: WorkspaceTransaction, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await sql<{ id: string }>`
    select id from fact_identities where workspace_id = ${ownWorkspace} and id = any(${[...ids]}::uuid[])`.execute(trx);
  return new Set(rows.map((row) => row.id));
}
