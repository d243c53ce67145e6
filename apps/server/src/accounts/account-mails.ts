import type { Mailer } from '../mail/mailer.ts';

interface Letter {
  mailer: Mailer;
  to: string;
  /** Where people open this instance. */
  origin: string;
  token: string;
}

/** The way to another password. What stands behind the # stays in the browser: no log of a proxy ever has it. */
export async function mailReset({ mailer, to, origin, token }: Letter): Promise<void> {
  await mailer.send({
    to,
    subject: 'Set a new password for DevPulse',
    text: [
      `Somebody asked for a new password for this address at ${origin}.`,
      '',
      'Open this to set one; it works once, for an hour, and ends all sessions:',
      `${origin}/reset#${token}`,
      '',
      'If that was not you, do nothing: the password stays as it is.',
      '',
    ].join('\n'),
  });
}

/** To the former address of an account, which somebody may have taken over. */
export async function mailAddressChanged({ mailer, to, origin }: Omit<Letter, 'token'>): Promise<void> {
  await mailer.send({
    to,
    subject: 'Your DevPulse account has another address now',
    text: [
      `The account at ${origin} that had this address has another one now. Mail of the account goes there from`,
      'now on, and this address does not open it any more.',
      '',
      'If that was you, there is nothing to do. If it was not, ask whoever runs this instance to give you your account',
      'back, and change the password wherever else you use it.',
      '',
    ].join('\n'),
  });
}

/** Proof that the address is theirs. */
export async function mailConfirmation({ mailer, to, origin, token }: Letter): Promise<void> {
  await mailer.send({
    to,
    subject: 'Confirm your address for DevPulse',
    text: [
      `This address was entered at ${origin}.`,
      '',
      'Open this to confirm that it is yours; it works for a day:',
      `${origin}/confirm#${token}`,
      '',
      'If that was not you, do nothing.',
      '',
    ].join('\n'),
  });
}
