import { isId } from '@devpulse/db/ids';
import { listFaults, listOccurrences, readFault } from '../faults/list-faults.ts';
import { resolveFaults } from '../faults/resolve-faults.ts';
import type { Runtime } from '../runtime/open-runtime.ts';
import { type Command, UsageError } from './command.ts';
import { formatCount, formatTable, type Terminal } from './terminal.ts';
import { withRuntime } from './with-runtime.ts';

const pageSize = 200;
const occurrencesShown = 5;

export const faultsCommand: Command = {
  name: 'faults',
  summary: 'Lists what went wrong unexpectedly, shows one, or says that it is mended',
  usage: 'devpulse faults [--all] | devpulse faults show <id> | devpulse faults resolve (--all | <id>…)',
  run: (args, context) => {
    const [verb = 'list', ...rest] = args[0] === '--all' ? ['list', ...args] : args;
    const isAll = rest.includes('--all');
    const ids = rest.filter((word) => word !== '--all');
    const odd = ids.find((word) => !isId(word));
    if (!['list', 'show', 'resolve'].includes(verb)) throw new UsageError(`"${verb}" is not one of show and resolve`);
    if (odd !== undefined) throw new UsageError(`"${odd}" is not the id of a fault; \`devpulse faults\` shows them`);
    if (verb === 'show' && ids.length !== 1) throw new UsageError('say which one');
    if (verb === 'resolve' && isAll === ids.length > 0) throw new UsageError('say which: --all or ids');
    return withRuntime(context, async ({ store }) => {
      if (verb === 'show') return show(store, ids[0] ?? '', context.terminal);
      if (verb === 'resolve') {
        const resolved = await resolveFaults(store, isAll ? 'all' : ids, new Date());
        context.terminal.print(`${formatCount(resolved)} resolved; one that is seen again comes back as returned.`);
        return 0;
      }
      return list(store, isAll, context.terminal);
    });
  },
};

async function list(store: Runtime['store'], isAll: boolean, terminal: Terminal): Promise<number> {
  const { faults, nextCursor } = await listFaults(store, {
    limit: pageSize,
    ...(isAll ? {} : { states: ['open', 'returned'] }),
  });
  if (faults.length === 0) terminal.print(isAll ? 'No faults.' : 'No unresolved faults.');
  else {
    const rows = faults.map((fault) => [
      fault.id,
      fault.state,
      fault.lastSeenAt,
      formatCount(fault.times),
      [fault.errorClass, fault.code ?? ''].join(' ').trim(),
      fault.origin,
      fault.message.split('\n')[0] ?? '',
    ]);
    terminal.print(formatTable([['id', 'state', 'last seen', 'times', 'error', 'where', 'message'], ...rows]));
  }
  if (nextCursor !== null) terminal.print(`Only the newest ${pageSize} are shown.`);
  return 0;
}

async function show(store: Runtime['store'], id: string, terminal: Terminal): Promise<number> {
  const fault = await readFault(store, id);
  if (fault === null) {
    terminal.say('There is no fault with this id, or none any more.');
    return 1;
  }
  terminal.print(
    formatTable([
      ['error', [fault.errorClass, fault.code ?? ''].join(' ').trim()],
      ['place', fault.place],
      ['state', fault.state],
      ['first seen', fault.firstSeenAt],
      ['last seen', fault.lastSeenAt],
      ['times', formatCount(fault.times)],
    ]),
  );
  const { occurrences } = await listOccurrences(store, id, { limit: occurrencesShown });
  for (const each of occurrences) {
    const request = each.requestId === null ? '' : `, request ${each.requestId}`;
    const more = each.unwritten === 0 ? '' : `, and ${formatCount(each.unwritten)} right before`;
    terminal.print(`\n${each.seenAt}  ${each.origin}${request}, version ${each.version}${more}`);
    terminal.print(`${each.message}\n${each.stack}`);
  }
  return 0;
}
