import { type Flag, flagNames } from '@devpulse/contract/flags';
import { commandLineActor, recordAudit } from '../audit/record-audit.ts';
import { readFlags, switchFlag } from '../flags/read-flags.ts';
import { type Command, type CommandContext, UsageError } from './command.ts';
import { formatTable } from './terminal.ts';
import { withRuntime } from './with-runtime.ts';

const states = { on: true, off: false, default: null } as const;

export const flagsCommand: Command = {
  name: 'flags',
  summary: 'Lists what this instance offers, and switches it',
  usage: ['devpulse flags', 'devpulse flags <name> on|off|default', '  Counts from the next request.'].join('\n'),
  run: (args, context) => {
    const [name, state, ...more] = args;
    if (name === undefined) return list(context);
    if (!flagNames.includes(name as Flag)) throw new UsageError(`there is no "${name}", only: ${flagNames.join(', ')}`);
    if (more.length > 0 || state === undefined || !Object.hasOwn(states, state))
      throw new UsageError('say on, off or default');
    return change(context, name as Flag, states[state as keyof typeof states]);
  },
};

function list(context: CommandContext): Promise<number> {
  return withRuntime(context, async ({ store }) => {
    const rows = (await readFlags(store)).map((flag) => [
      flag.name,
      flag.isOn ? 'on' : 'off',
      flag.isDefault ? 'by default' : 'switched',
      flag.says,
    ]);
    context.terminal.print(formatTable(rows));
    return 0;
  });
}

function change(context: CommandContext, name: Flag, isOn: boolean | null): Promise<number> {
  return withRuntime(context, async ({ store, workspaceId }) => {
    const stateOf = async (): Promise<boolean | undefined> =>
      (await readFlags(store)).find((flag) => flag.name === name)?.isOn;
    const before = await stateOf();
    await switchFlag(store, name, isOn);
    const after = await stateOf();
    await store.inWorkspace(workspaceId, (trx) =>
      recordAudit(trx, {
        actor: commandLineActor,
        action: 'flag.changed',
        target: { kind: 'flag', id: name, name },
        before: { isOn: before },
        after: { isOn: after },
      }),
    );
    context.terminal.print(`${name} is ${after === true ? 'on' : 'off'}.`);
    return 0;
  });
}
