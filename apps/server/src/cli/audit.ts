import { verifyChain } from '../audit/verify-chain.ts';
import { listWorkspaces } from '../workspaces/ensure-workspace.ts';
import { type Command, UsageError } from './command.ts';
import { formatCount } from './terminal.ts';
import { withRuntime } from './with-runtime.ts';

export const auditCommand: Command = {
  name: 'audit',
  summary: 'Checks that no entry of an audit log was changed or taken away',
  usage: [
    'devpulse audit verify',
    '  Computes every hash of every workspace’s log again. Ends with 1 when a log is not whole. The last hash it',
    '  prints can be noted down elsewhere, and compared later.',
  ].join('\n'),
  run: (args, context) => {
    if (args.length !== 1 || args[0] !== 'verify') throw new UsageError('say verify');
    const { print } = context.terminal;
    return withRuntime(context, async ({ store }) => {
      let broken = 0;
      for (const workspaceId of await listWorkspaces(store)) {
        const chain = await verifyChain(store, workspaceId);
        if (chain.fault !== null) {
          broken += 1;
          print(`BROKEN  ${workspaceId}  at entry ${chain.fault.seq}: ${chain.fault.says}`);
        } else {
          print(`whole   ${workspaceId}  ${formatCount(chain.checked)} entries, last ${chain.lastHash}`);
        }
      }
      return broken === 0 ? 0 : 1;
    });
  },
};
