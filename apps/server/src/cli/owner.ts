import { findOwnerAccount } from '../accounts/owner-account.ts';
import { makeOwnerLink, sayMinute } from '../accounts/owner-link.ts';
import type { Runtime } from '../runtime/open-runtime.ts';
import { type Command, type CommandContext, UsageError } from './command.ts';
import { findOwnAddress, guessNote } from './own-address.ts';
import { withRuntime } from './with-runtime.ts';

export const ownerCommand: Command = {
  name: 'owner',
  summary: 'Makes a new one-time link for the owner, also for a lost password',
  usage: [
    'devpulse owner link',
    '  Prints a link that works once, within 24 hours. While nobody owns the instance it leads to set-up;',
    '  afterwards it lets the owner set a new password and ends all sessions. Earlier links end.',
  ].join('\n'),
  run: (args, context) => {
    if (args.length === 1 && args[0] === 'link') return withRuntime(context, (runtime) => printLink(runtime, context));
    throw new UsageError('say link');
  },
};

async function printLink(runtime: Runtime, context: CommandContext): Promise<number> {
  const owner = await findOwnerAccount(runtime.store);
  const { address, isGuess } = findOwnAddress(runtime, context);
  const { url, expiresAt } = await makeOwnerLink(runtime.store, address);
  const { say, print } = context.terminal;
  say(
    owner?.canSignIn !== true
      ? 'Open this to make the instance yours:'
      : `Open this to set a new password for ${owner.name}; all sessions end then, API tokens go on:`,
  );
  print(url);
  say(`It works once, until ${sayMinute(expiresAt)}.${isGuess ? guessNote : ''}`);
  return 0;
}
