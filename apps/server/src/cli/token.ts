import { parseArgs } from 'node:util';
import { scopeNames, scopes, scopeSchema } from '@devpulse/contract/permissions';
import { isId } from '@devpulse/db/ids';
import { createToken } from '../accounts/create-token.ts';
import { listTokens } from '../accounts/list-tokens.ts';
import { revokeToken } from '../accounts/revoke-token.ts';
import { type Command, type CommandContext, UsageError } from './command.ts';
import { formatTable } from './terminal.ts';
import { withRuntime } from './with-runtime.ts';

const help = scopeNames.map((scope) => `    ${scope.padEnd(8)} ${scopes[scope]}`).join('\n');

export const tokenCommand: Command = {
  name: 'token',
  summary: 'Makes, lists and revokes API tokens of the owner',
  usage: [
    'devpulse token create --scope <scope> [--scope <scope>…] [--name <name>] [--days <days until it ends>]',
    'devpulse token list',
    'devpulse token revoke <id>',
    `  scopes:\n${help}`,
  ].join('\n'),
  run: (args, context) => {
    const [verb, ...rest] = args;
    if (verb === 'create') return create(rest, context);
    if (verb === 'list' && rest.length === 0) return list(context);
    if (verb === 'revoke' && rest.length === 1) return revoke(rest[0] ?? '', context);
    throw new UsageError('say create, list or revoke <id>');
  },
};

async function create(args: string[], context: CommandContext): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { scope: { type: 'string', multiple: true }, name: { type: 'string' }, days: { type: 'string' } },
  });
  const wanted = (values.scope ?? []).flatMap((text) => text.split(','));
  const parsed = scopeSchema.array().min(1).safeParse(wanted);
  if (!parsed.success) throw new UsageError(`--scope must be one or more of ${scopeNames.join(', ')}`);
  const days = values.days === undefined ? null : Number(values.days);
  if (days !== null && !(days > 0)) throw new UsageError('--days must be a number of days');
  return withRuntime(context, async ({ store, workspaceId, ownerId }) => {
    const expiresAt = days === null ? null : new Date(Date.now() + days * 86_400_000);
    const name = values.name ?? 'made on the command line';
    const { token } = await createToken({
      store,
      workspaceId,
      personId: ownerId,
      name,
      scopes: parsed.data,
      expiresAt,
    });
    context.terminal.say('This is the only time the token is shown:');
    context.terminal.print(token);
    return 0;
  });
}

function list(context: CommandContext): Promise<number> {
  return withRuntime(context, async ({ store, workspaceId }) => {
    const rows = (await listTokens({ store, workspaceId })).map((token) => [
      token.id,
      `${token.prefix}…`,
      token.scopes.join(','),
      token.revokedAt === null ? dayOf(token.expiresAt, 'does not end') : `revoked ${dayOf(token.revokedAt, '')}`,
      `used ${dayOf(token.lastUsedAt, 'never')}`,
      token.name,
    ]);
    context.terminal.print(rows.length === 0 ? 'No tokens.' : formatTable(rows));
    return 0;
  });
}

function revoke(id: string, context: CommandContext): Promise<number> {
  if (!isId(id))
    throw new UsageError(`"${id}" is not the id of a token; \`npm run devpulse -- token list\` shows them`);
  return withRuntime(context, async ({ store, workspaceId }) => {
    await revokeToken({ store, workspaceId, id });
    context.terminal.print('Revoked. Whoever used it is refused from now on.');
    return 0;
  });
}

function dayOf(instant: Date | null, otherwise: string): string {
  return instant === null ? otherwise : instant.toISOString().slice(0, 10);
}
