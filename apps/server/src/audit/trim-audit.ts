import { sql } from 'kysely';
import type { Store } from '@devpulse/db/open-store';
import { type AuditActor, recordAudit } from './record-audit.ts';

/** Removes entries whose retention ended, as the workspace set it, and says how many. The chain goes on from there. */
export async function trimAudit(store: Store, workspaceId: string): Promise<number> {
  const { rows } = await store.inWorkspace(workspaceId, (trx) =>
    sql<{ removed: number }>`select trim_audit() as removed`.execute(trx),
  );
  return rows[0]?.removed ?? 0;
}

/** Sets for how long the workspace keeps entries; the store refuses less than 90 days, whoever asks. */
export async function setAuditRetention(
  store: Store,
  workspaceId: string,
  wish: { retentionDays: number; actor: AuditActor },
): Promise<void> {
  await store.inWorkspace(workspaceId, async (trx) => {
    const { rows } = await sql<{ name: string; days: number }>`
      select name, audit_retention_days as days from workspaces where id = ${workspaceId} for update`.execute(trx);
    const [workspace] = rows;
    if (workspace === undefined || workspace.days === wish.retentionDays) return;
    await sql`
      update workspaces set audit_retention_days = ${wish.retentionDays} where id = ${workspaceId}`.execute(trx);
    await recordAudit(trx, {
      actor: wish.actor,
      action: 'workspace.settings_changed',
      target: { kind: 'workspace', id: workspaceId, name: workspace.name },
      before: { auditRetentionDays: workspace.days },
      after: { auditRetentionDays: wish.retentionDays },
    });
  });
}
