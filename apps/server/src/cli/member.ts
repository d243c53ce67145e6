import { roleNames, roles, roleSchema } from '@devpulse/contract/permissions';
import { isId } from '@devpulse/db/ids';
import { commandLineActor } from '../audit/record-audit.ts';
import { changeRole } from '../members/change-role.ts';
import { listMembers } from '../members/list-members.ts';
import { type Command, type CommandContext, UsageError } from './command.ts';
import { formatTable } from './terminal.ts';
import { withRuntime } from './with-runtime.ts';

const pageSize = 200;
const help = roleNames.map((role) => `    ${role.padEnd(8)} ${roles[role]}`).join('\n');

export const memberCommand: Command = {
  name: 'member',
  summary: 'Lists the members of a workspace, and gives them roles',
  usage: [
    'devpulse member list [--workspace <address>]',
    'devpulse member role <person> <role> [--workspace <address>]',
    `  roles:\n${help}`,
  ].join('\n'),
  run: (args, context) => {
    const [verb, person, role, ...rest] = args;
    if (verb === 'list' && person === undefined) return list(context);
    if (verb === 'role' && person !== undefined && role !== undefined && rest.length === 0)
      return giveRole(person, role, context);
    throw new UsageError('say list or role <person> <role>');
  },
};

function list(context: CommandContext): Promise<number> {
  return withRuntime(context, async ({ store, workspaceId }) => {
    const lines: string[][] = [];
    let cursor: string | undefined;
    do {
      const page = await listMembers({ store, workspaceId, limit: pageSize, cursor });
      for (const member of page.members)
        lines.push([
          member.personId,
          member.role,
          member.state === 'active' ? 'active' : `${member.state} ${member.deactivatedAt?.slice(0, 10) ?? ''}`,
          `since ${member.since.slice(0, 10)}`,
          member.signsIn ? member.name : `${member.name}  (nobody signs in as this person)`,
        ]);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    context.terminal.print(lines.length === 0 ? 'No members.' : formatTable(lines));
    return 0;
  });
}

function giveRole(person: string, wanted: string, context: CommandContext): Promise<number> {
  if (!isId(person)) throw new UsageError(`"${person}" is not the id of a person; devpulse member list shows them`);
  const role = roleSchema.safeParse(wanted);
  if (!role.success) throw new UsageError(`the role must be one of ${roleNames.join(', ')}`);
  return withRuntime(context, async ({ store, workspaceId }) => {
    const as = { personId: null, actor: commandLineActor };
    await changeRole({ store, workspaceId, personId: person, role: role.data, as });
    context.terminal.print(`They are ${role.data} now; it counts from their next request.`);
    return 0;
  });
}
