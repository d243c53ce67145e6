import { loadMetrics } from '../runtime/load-extensions.ts';
import { openVerifyPool } from '../runtime/open-pools.ts';
import { verifyWorkspace, type Verification } from '../verify/verify-workspace.ts';
import { listWorkspaces } from '../workspaces/ensure-workspace.ts';
import type { Command } from './command.ts';
import { formatCount } from './terminal.ts';
import { withRuntime } from './with-runtime.ts';

const shownMax = 200;

export const verifyCommand: Command = {
  name: 'verify',
  summary: 'Rebuilds facts and days beside the stored ones and prints every difference',
  usage: 'devpulse verify',
  run: (_args, context) =>
    withRuntime(context, async ({ store }) => {
      const pool = openVerifyPool();
      try {
        let differences = 0;
        for (const workspaceId of await listWorkspaces(store)) {
          const found = await verifyWorkspace({ store, metrics: loadMetrics(), pool, workspaceId });
          differences += found.differences.length;
          report(found, (line) => context.terminal.print(line));
        }
        return differences === 0 ? 0 : 1;
      } finally {
        await pool.close();
      }
    }),
};

function report(found: Verification, print: (line: string) => void): void {
  for (const { what, where, stored, expected } of found.differences.slice(0, shownMax)) {
    print(`DIFFERS  ${what}  ${where}\n  stored    ${stored ?? 'nothing'}\n  expected  ${expected ?? 'nothing'}`);
  }
  if (found.differences.length > shownMax) print(`… and ${formatCount(found.differences.length - shownMax)} more`);
  const notes = [
    found.stripped > 0 ? `${formatCount(found.stripped)} events whose bodies retention removed` : '',
    found.pending > 0 ? `${formatCount(found.pending)} days that wait to be counted` : '',
  ].filter((note) => note !== '');
  const aside = notes.length > 0 ? ` Not compared: ${notes.join(', ')}.` : '';
  print(
    `${found.differences.length === 0 ? 'No difference' : `${formatCount(found.differences.length)} differences`}: ` +
      `${formatCount(found.events)} raw events read again, ${formatCount(found.cells)} days counted again.${aside}`,
  );
}
