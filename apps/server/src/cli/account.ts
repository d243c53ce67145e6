import { AppError } from '@devpulse/contract/errors';
import { findAccountByEmail, makeResetToken, type NamedAccount, stopTwoFactor } from '../accounts/help-account.ts';
import { commandLineActor, recordAccountAudit } from '../audit/record-audit.ts';
import type { Runtime } from '../runtime/open-runtime.ts';
import { type Command, type CommandContext, UsageError } from './command.ts';
import { findOwnAddress, guessNote } from './own-address.ts';
import { withRuntime } from './with-runtime.ts';

export const accountCommand: Command = {
  name: 'account',
  summary: 'Helps somebody back in: a link to a new password, or two-factor sign-in off',
  usage: [
    'devpulse account link <address>',
    '  Prints a link that sets a new password, once, within an hour; for instances that cannot send mail.',
    'devpulse account two-factor-off <address>',
    '  For somebody who lost both the app and the recovery codes.',
  ].join('\n'),
  run: (args, context) => {
    const [act, address, ...more] = args;
    if ((act !== 'link' && act !== 'two-factor-off') || address === undefined || more.length > 0)
      throw new UsageError('say link or two-factor-off, and the e-mail address of the account');
    return withRuntime(context, async (runtime) => {
      const account = await findAccountByEmail(runtime.store, address);
      if (account === null) throw new AppError('not_found', 'No account has this address.');
      return act === 'link' ? printLink(runtime, context, account) : switchOff(runtime, context, account);
    });
  },
};

async function printLink(runtime: Runtime, context: CommandContext, account: NamedAccount): Promise<number> {
  const keyring = await runtime.openKeyring();
  const token = await makeResetToken(runtime.store, keyring, account.id);
  const { address, isGuess } = findOwnAddress(runtime, context);
  await recordAccountAudit(runtime.store, account.id, {
    actor: commandLineActor,
    action: 'account.reset_link_made',
    target: { kind: 'account', id: account.id },
  });
  context.terminal.say(`Give this to ${account.name}; it sets a new password and ends all their sessions:`);
  context.terminal.print(`${address}/reset#${token}`);
  context.terminal.say(`It works once, within an hour.${isGuess ? guessNote : ''}`);
  return 0;
}

async function switchOff(runtime: Runtime, context: CommandContext, account: NamedAccount): Promise<number> {
  if (!account.twoFactor) {
    context.terminal.say(`Two-factor sign-in of ${account.name} is off already.`);
    return 0;
  }
  await stopTwoFactor(runtime.store, account.id);
  await recordAccountAudit(runtime.store, account.id, {
    actor: commandLineActor,
    action: 'account.two_factor_off',
    target: { kind: 'account', id: account.id },
  });
  context.terminal.say(`Two-factor sign-in of ${account.name} is off: the password alone signs them in.`);
  return 0;
}
