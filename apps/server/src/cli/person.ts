import { parseArgs } from 'node:util';
import type { PersonView } from '@devpulse/contract/wire/people';
import type { Runtime } from '../runtime/open-runtime.ts';
import { announceCounts } from '../live/announce-counts.ts';
import { publishChange } from '../live/announce-change.ts';
import { linkIdentities } from '../people/link-identities.ts';
import { listPeople } from '../people/list-people.ts';
import { unlinkIdentity } from '../people/unlink-identity.ts';
import { updateMe } from '../people/update-me.ts';
import { loadMetrics } from '../runtime/load-extensions.ts';
import { rollUp } from '@devpulse/pipeline/rollup/roll-up';
import type { FirstWorkspace } from '../workspaces/ensure-workspace.ts';
import { type Command, type CommandContext, UsageError } from './command.ts';
import { formatCount } from './terminal.ts';
import { withRuntime } from './with-runtime.ts';

const pageSize = 100;

export const personCommand: Command = {
  name: 'person',
  summary: 'Shows who was found, and says which identities are yours',
  usage: [
    'devpulse person list [<text>]',
    'devpulse person link <identity>… [--to <person>]     without --to: to you',
    'devpulse person unlink <identity>',
    'devpulse person zone <time zone>                     cuts your days anew',
  ].join('\n'),
  run: (args, context) => {
    const [verb, ...rest] = args;
    if (verb === 'list' && rest.length <= 1) return withRuntime(context, (runtime) => list(runtime, rest[0], context));
    if (verb === 'link') return link(rest, context);
    if (verb === 'unlink' && rest.length === 1)
      return withRuntime(context, (runtime) => unlink(runtime, rest[0] ?? '', context));
    if (verb === 'zone' && rest.length === 1)
      return withRuntime(context, (runtime) => moveToZone(runtime, rest[0] ?? '', context));
    throw new UsageError('say list, link <identity>…, unlink <identity> or zone <time zone>');
  },
};

type Opened = Runtime & FirstWorkspace;

async function list(runtime: Opened, search: string | undefined, context: CommandContext): Promise<number> {
  let cursor: string | undefined;
  let shown = 0;
  do {
    const page = await listPeople({
      ...runtime,
      limit: pageSize,
      ...(search === undefined ? {} : { search }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const person of page.people) context.terminal.print(describe(person, runtime.ownerId));
    shown += page.people.length;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  if (shown === 0) context.terminal.print('Nobody fits.');
  return 0;
}

function describe(person: PersonView, ownerId: string): string {
  const you = person.id === ownerId ? '  (you)' : '';
  const identities = person.identities.map((identity) => {
    const who = [identity.name, identity.email === null ? null : `<${identity.email}>`, identity.login]
      .filter((part) => part !== null)
      .join(' ');
    return `    ${identity.id}  ${identity.source}  ${who}`;
  });
  return [`${person.name}${you}  ${person.id}`, ...identities].join('\n');
}

function link(args: string[], context: CommandContext): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { to: { type: 'string' } } });
  if (positionals.length === 0) throw new UsageError('say which identities; `devpulse person list` shows them');
  return withRuntime(context, async (runtime) => {
    const personId = values.to ?? runtime.ownerId;
    const reason = 'said so on the command line';
    const identityIds = await resolveIdentities(runtime, positionals);
    await linkIdentities({ ...runtime, identityIds, personId, reason, by: runtime.ownerId });
    return countAgain(runtime, context, `Linked ${identityIds.length}.`);
  });
}

/** An identity may be named by its id or by its e-mail address. */
async function resolveIdentities(runtime: Opened, names: readonly string[]): Promise<string[]> {
  const identities = await runtime.store.inWorkspace(runtime.workspaceId, (trx) =>
    trx.selectFrom('fact_identities').select(['id', 'email']).where('workspace_id', '=', runtime.workspaceId).execute(),
  );
  return names.flatMap((name) => {
    const found = identities.filter((identity) => identity.id === name || identity.email === name.toLowerCase());
    if (found.length === 0) throw new UsageError(`there is no identity "${name}"; \`devpulse person list\` shows them`);
    return found.map((identity) => identity.id);
  });
}

async function unlink(runtime: Opened, name: string, context: CommandContext): Promise<number> {
  let moved = 0;
  for (const identityId of await resolveIdentities(runtime, [name])) {
    const outcome = await unlinkIdentity({
      ...runtime,
      identityId,
      reason: 'said so on the command line',
      by: runtime.ownerId,
    });
    moved += outcome.moved.length;
  }
  return countAgain(runtime, context, moved === 0 ? 'It stands for itself already; nothing changed.' : 'Unlinked.');
}

async function moveToZone(runtime: Opened, zone: string, context: CommandContext): Promise<number> {
  const me = await updateMe({ ...runtime, personId: runtime.ownerId, scopes: [], now: new Date() }, { zone });
  return countAgain(runtime, context, `Your days are cut in ${me.effectiveZone} now.`);
}

async function countAgain(runtime: Opened, context: CommandContext, done: string): Promise<number> {
  const { store, workspaceId } = runtime;
  await publishChange(store, workspaceId, { metrics: ['*'], people: true });
  const { cells } = await rollUp(
    { store, metrics: loadMetrics(), signal: context.signal, announce: announceCounts },
    workspaceId,
  );
  context.terminal.print(cells === 0 ? done : `${done} ${formatCount(cells)} days were counted again.`);
  return 0;
}
