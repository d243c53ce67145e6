import { sql } from 'kysely';
import type { SessionEntry } from '@devpulse/contract/wire/devices';
import type { Store } from '@devpulse/db/open-store';
import { describeAgent } from './describe-agent.ts';

interface SessionRow {
  id: string;
  name: string | null;
  agent: string;
  address: string | null;
  created_at: Date;
  last_seen_at: Date;
  expires_at: Date;
  is_current: boolean;
}

/** Every session of the account that this one belongs to; the one that asks comes first. */
export async function listSessions(store: Store, hash: Buffer): Promise<SessionEntry[]> {
  const { rows } = await sql<SessionRow>`select * from list_sessions(${hash})`.execute(store.app);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    ...describeAgent(row.agent),
    address: row.address,
    signedInAt: row.created_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
    endsAt: row.expires_at.toISOString(),
    current: row.is_current,
  }));
}
