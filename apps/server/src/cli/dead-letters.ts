import { listRawEvents, replayRawEvents } from '@devpulse/pipeline/capture/read-events';
import { isId } from '@devpulse/db/ids';
import { type Command, UsageError } from './command.ts';
import { formatTable } from './terminal.ts';
import { withRuntime } from './with-runtime.ts';

const pageSize = 200;

export const deadLettersCommand: Command = {
  name: 'dead-letters',
  summary: 'Lists raw events that could not be read, or puts them back into the inbox',
  usage: 'devpulse dead-letters list | devpulse dead-letters replay (--all | <id>…)',
  run: (args, context) => {
    const [verb, ...rest] = args;
    if (verb !== 'list' && verb !== 'replay') throw new UsageError('say list or replay');
    if (verb === 'replay' && rest.length === 0) throw new UsageError('say which: --all or ids');
    const odd = rest.find((word) => word !== '--all' && !isId(word));
    if (odd !== undefined)
      throw new UsageError(`"${odd}" is not the id of an event; \`npm run devpulse -- dead-letters list\` shows them`);
    return withRuntime(context, async ({ store, workspaceId }) => {
      if (verb === 'replay') {
        const all = rest.includes('--all');
        const { replayed } = await replayRawEvents({
          store,
          workspaceId,
          ...(all ? { filter: { state: 'dead' as const } } : { ids: rest }),
        });
        context.terminal.print(
          `${replayed} events are back in the inbox; a running server reads them now, else the next start does.`,
        );
        return 0;
      }
      const { events, nextCursor } = await listRawEvents({
        store,
        workspaceId,
        filter: { state: 'dead' },
        limit: pageSize,
      });
      if (events.length === 0) context.terminal.print('No dead letters.');
      else {
        const rows = events.map((event) => [
          event.id,
          event.source,
          event.kind,
          event.reason ?? '',
          event.key,
          (event.detail ?? '').split('\n')[0] ?? '',
        ]);
        context.terminal.print(formatTable([['id', 'source', 'kind', 'reason', 'key', 'detail'], ...rows]));
      }
      if (nextCursor !== null) context.terminal.print(`Only the newest ${pageSize} are shown.`);
      return 0;
    });
  },
};
