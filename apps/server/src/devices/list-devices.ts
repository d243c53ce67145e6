import { sql } from 'kysely';
import type { DeviceView } from '@devpulse/contract/wire/devices';
import type { Store } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';

interface DeviceRow {
  id: string;
  workspace_id: string;
  name: string;
  system: string;
  program: string;
  address: string;
  has_key: boolean;
  created_at: Date;
  last_seen_at: Date;
  expires_at: Date;
  revoked_because: string | null;
}

/** Every device of the account that this session belongs to, the one used last first. */
export async function listDevices(store: Store, hash: Buffer): Promise<DeviceView[]> {
  const { rows } = await sql<DeviceRow>`select * from list_devices(${hash})`.execute(store.app);
  const names = new Map<string, string>();
  for (const id of new Set(rows.map((row) => row.workspace_id))) names.set(id, await readName(store, id));
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    system: row.system,
    program: row.program,
    address: row.address,
    workspace: { id: row.workspace_id, name: names.get(row.workspace_id) ?? '' },
    hasKey: row.has_key,
    pairedAt: row.created_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
    endsAt: row.expires_at.toISOString(),
    state: row.revoked_because === null ? 'active' : 'stopped',
  }));
}

/** Names are read inside each workspace; there are as many as an account has devices in. */
async function readName(store: Store, workspaceId: string): Promise<string> {
  const row = await store.inWorkspace(workspaceId, (trx) =>
    trx.selectFrom('workspaces').where('id', '=', ownWorkspace).select('name').executeTakeFirst(),
  );
  return row?.name ?? '';
}
