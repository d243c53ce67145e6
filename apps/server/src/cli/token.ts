import { parseArgs } from 'node:util';
import { scopeNames, scopes, scopeSchema } from '@devpulse/contract/permissions';
import { tokenDays } from '@devpulse/contract/wire/tokens';
import { isId } from '@devpulse/db/ids';
import { commandLineActor, recordAudit } from '../audit/record-audit.ts';
import { insertToken } from '../tokens/create-token.ts';
import { listTokens } from '../tokens/list-tokens.ts';
import { endToken } from '../tokens/revoke-token.ts';
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
    `  days: 1 to ${tokenDays.most}, ${tokenDays.usual} when left out\n  scopes:\n${help}`,
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
  const days = Number(values.days ?? tokenDays.usual);
  if (!Number.isInteger(days) || days < 1 || days > tokenDays.most)
    throw new UsageError(`--days must be a whole number from 1 to ${tokenDays.most}`);
  const name = values.name ?? 'made on the command line';
  return withRuntime(context, async ({ store, workspaceId, ownerId, openKeyring }) => {
    const expiresAt = new Date(Date.now() + days * 86_400_000);
    const keyring = await openKeyring();
    const token = await store.inWorkspace(workspaceId, async (trx) => {
      const wish = { workspaceId, personId: ownerId, name, scopes: parsed.data, expiresAt, keyring };
      const made = await insertToken(trx, wish);
      await recordAudit(trx, {
        actor: commandLineActor,
        action: 'token.created',
        target: { kind: 'token', id: made.id, name },
        after: { scopes: parsed.data, expiresAt: expiresAt.toISOString() },
      });
      return made.token;
    });
    context.terminal.say(`This is the only time the token is shown; it ends on ${dayOf(expiresAt, '')}:`);
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
      token.revokedAt === null ? `ends ${dayOf(token.expiresAt, 'never')}` : `revoked ${dayOf(token.revokedAt, '')}`,
      `used ${dayOf(token.lastUsedAt, 'never')}`,
      token.personName,
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
    await store.inWorkspace(workspaceId, async (trx) => {
      const { name } = await endToken(trx, { workspaceId, id });
      await recordAudit(trx, { actor: commandLineActor, action: 'token.revoked', target: { kind: 'token', id, name } });
    });
    context.terminal.print('Revoked. Whoever used it is refused from now on.');
    return 0;
  });
}

function dayOf(instant: Date | null, otherwise: string): string {
  return instant === null ? otherwise : instant.toISOString().slice(0, 10);
}
