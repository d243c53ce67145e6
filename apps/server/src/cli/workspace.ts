import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { Store } from '@devpulse/db/open-store';
import { findWorkspace, listWorkspaces, nameOperatorWorkspace } from '../workspaces/ensure-workspace.ts';
import { readSlug } from '../workspaces/take-slug.ts';
import { type Command, type CommandContext, UsageError } from './command.ts';
import { formatTable } from './terminal.ts';
import { withRuntime } from './with-runtime.ts';

export const workspaceCommand: Command = {
  name: 'workspace',
  summary: 'Lists the workspaces, and says whose owners look after the instance',
  usage: [
    'devpulse workspace list',
    'devpulse workspace operator <address>',
    '  Owners and admins of that workspace may see jobs and faults of the instance and read folders of this machine.',
  ].join('\n'),
  run: (args, context) => {
    const [verb, name, ...rest] = args;
    if (verb === 'list' && name === undefined) return withRuntime(context, ({ store }) => list(store, context));
    if (verb === 'operator' && name !== undefined && rest.length === 0)
      return withRuntime(context, ({ store }) => nameOperator(store, name, context));
    throw new UsageError('say list or operator <address>');
  },
};

async function list(store: Store, context: CommandContext): Promise<number> {
  const { rows } = await sql<{ id: string | null }>`select operator_workspace() as id`.execute(store.app);
  const lines: string[][] = [];
  for (const id of await listWorkspaces(store)) lines.push(await describe(store, id, rows[0]?.id === id));
  context.terminal.print(formatTable(lines));
  return 0;
}

async function describe(store: Store, id: string, isOperator: boolean): Promise<string[]> {
  return store.inWorkspace(id, async (trx) => {
    const workspace = await trx
      .selectFrom('workspaces')
      .where('id', '=', id)
      .select(['name', 'kind', 'created_at'])
      .executeTakeFirst();
    const { rows } = await sql<{ active: number }>`
      select count(*)::integer as active from people_members where workspace_id = ${id} and deactivated_at is null`.execute(
      trx,
    );
    return [
      (await readSlug(trx)) ?? '-',
      id,
      workspace?.kind ?? 'gone',
      `${rows[0]?.active ?? 0} active`,
      `since ${workspace?.created_at.toISOString().slice(0, 10) ?? '-'}`,
      `${workspace?.name ?? ''}${isOperator ? '  (looks after the instance)' : ''}`,
    ];
  });
}

async function nameOperator(store: Store, name: string, context: CommandContext): Promise<number> {
  const { workspaceId } = await findWorkspace(store, name);
  const workspace = await store.inWorkspace(workspaceId, (trx) =>
    trx.selectFrom('workspaces').where('id', '=', workspaceId).select(['name', 'kind']).executeTakeFirstOrThrow(),
  );
  if (workspace.kind === 'demo') throw new AppError('conflict', 'A demo belongs to everybody; choose another one.');
  await nameOperatorWorkspace(store, workspaceId);
  context.terminal.print(`Owners and admins of ${workspace.name} look after the instance from now on.`);
  return 0;
}
