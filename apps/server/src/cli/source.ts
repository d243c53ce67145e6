import { isId } from '@devpulse/db/ids';
import { pauseSource, removeSource, resumeSource } from '../sources/change-source.ts';
import { commandLineActor } from '../audit/record-audit.ts';
import { orderErasure } from '../sources/order-erasure.ts';
import { type Command, type CommandContext, UsageError } from './command.ts';
import { formatTable } from './terminal.ts';
import { withRuntime } from './with-runtime.ts';

const acts = { pause: pauseSource, resume: resumeSource, remove: removeSource } as const;
const words = {
  pause: 'Paused: it is not looked at until you resume it.',
  resume: 'Resumed: a running server looks at it within five minutes.',
  remove: 'Removed: nothing new is read from it. What was read stays.',
} as const;

export const sourceCommand: Command = {
  name: 'source',
  summary: 'Lists what is read, and pauses, resumes, removes or erases one',
  usage: [
    'devpulse source list',
    'devpulse source pause|resume|remove <id>',
    'devpulse source erase <id> <name>',
    '  Removes it with everything that was read from it; what other sources have read as well stays.',
  ].join('\n'),
  run: (args, context) => {
    const [verb, id, ...more] = args;
    if (verb === 'erase') return erase(args.slice(1), context);
    if (verb === 'list' && id === undefined) {
      return withRuntime(context, async ({ store, workspaceId }) => {
        const rows = await store.inWorkspace(workspaceId, (trx) =>
          trx
            .selectFrom('sources')
            .where('workspace_id', '=', workspaceId)
            .select(['id', 'connector', 'name', 'state', 'last_checked_at', 'last_error'])
            .orderBy('name')
            .execute(),
        );
        const lines = rows.map((row) => [
          row.id,
          row.connector,
          row.name,
          row.state,
          row.last_checked_at === null ? 'never read' : `read ${row.last_checked_at.toISOString()}`,
          (row.last_error as { message?: string } | null)?.message ?? '',
        ]);
        context.terminal.print(
          lines.length === 0
            ? 'Nothing is read yet. Begin with: npm run devpulse -- import <folder>'
            : formatTable(lines),
        );
        return 0;
      });
    }
    if ((verb !== 'pause' && verb !== 'resume' && verb !== 'remove') || more.length > 0)
      throw new UsageError('say list, or pause, resume, remove or erase and an id');
    if (id === undefined || !isId(id))
      throw new UsageError('say which source; `npm run devpulse -- source list` shows them');
    return withRuntime(context, async ({ store, workspaceId }) => {
      await acts[verb](store, workspaceId, id);
      context.terminal.print(words[verb]);
      return 0;
    });
  },
};

function erase(args: string[], context: CommandContext): Promise<number> {
  const [sourceId = '', name, ...more] = args;
  if (!isId(sourceId) || name === undefined || more.length > 0)
    throw new UsageError('say the id and the name of the source; `npm run devpulse -- source list` shows both');
  return withRuntime(context, async ({ store, workspaceId }) => {
    await orderErasure(store, workspaceId, { sourceId, name, actor: commandLineActor });
    context.terminal.print('Removed. A running server erases what was read within minutes.');
    return 0;
  });
}
