import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SentInvitation } from '@devpulse/contract/wire/members';
import { countMail, mailsPerDay } from '../accounts/limit-attempts.ts';
import { openLog } from '../log.ts';
import { openMailer } from '../mail/mailer.ts';
import { type Mailbox, openMailbox } from '../mail/testing/open-mailbox.ts';
import { type MemberWorld, openMemberWorld } from './testing/member-world.ts';

let box: Mailbox;
let world: MemberWorld;
beforeAll(async () => {
  box = await openMailbox();
  const mailer = openMailer({ smtpUrl: box.url, from: 'devpulse@example.org' }, openLog({ level: 'silent' }));
  world = await openMemberWorld(() => ({ mailer, publicUrl: 'https://pulse.example.org' }));
});
afterAll(async () => {
  await world.close();
  await box.close();
});

it('nobody writes to strangers without end by inviting them: after 200 mails in a day there is the link alone', async () => {
  const { founder, store } = world;
  for (let count = 0; count < mailsPerDay; count += 1) await countMail(store, founder.accountId);
  const payload = { kind: 'email', email: 'nina@example.org', role: 'member' };
  const sent = (await founder.ask('POST', '/api/v1/invitations', payload)).json<SentInvitation>();
  const renewed = (await founder.ask('POST', `/api/v1/invitations/${sent.invitation.id}/renew`)).json<SentInvitation>();
  for (const { link, mailFault, invitation } of [sent, renewed]) {
    expect(link).toMatch(/^https:\/\/pulse\.example\.org\/join#/);
    expect([mailFault, invitation.mailedAt]).toEqual([null, null]);
  }
  expect(box.mails).toEqual([]);
});
