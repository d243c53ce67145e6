import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLog } from '../log.ts';
import { openMailer } from './mailer.ts';
import { type Mailbox, openMailbox } from './testing/open-mailbox.ts';

let mailbox: Mailbox;
const lines: string[] = [];
const log = openLog({ level: 'debug', target: { write: (line: string) => lines.push(line) } });
beforeAll(async () => {
  mailbox = await openMailbox();
});
afterAll(() => mailbox.close());

const from = 'DevPulse <devpulse@example.org>';

describe('the mailer', () => {
  it('hands a mail in plain text to the server, from whom it was told to', async () => {
    const mailer = openMailer({ smtpUrl: mailbox.url, from }, log);
    await mailer.send({
      to: 'mira@example.org',
      subject: 'Für dich',
      text: 'https://pulse.test/reset#a=b\nEnde – gut.\n',
    });
    const mail = await mailbox.next();
    expect(mail.headers).toContain('From: DevPulse <devpulse@example.org>');
    expect(mail.headers).toContain('To: mira@example.org');
    expect(mail.headers).toMatch(/Content-Type: text\/plain/i);
    expect(mail.text).toContain('https://pulse.test/reset#a=b\nEnde – gut.');
  });

  it('lets no name in a subject begin a header of its own', async () => {
    const mailer = openMailer({ smtpUrl: mailbox.url, from }, log);
    await mailer.send({ to: 'mira@example.org', subject: 'Join us\r\nBcc: eve@example.org', text: 'x' });
    const mail = await mailbox.next();
    expect(mail.headers).not.toMatch(/^bcc:/im);
  });

  it('says so when the server does not take it, and logs neither password nor text', async () => {
    const wrong = mailbox.url.replace(/:[^:@/]+@/, ':planted@');
    const mailer = openMailer({ smtpUrl: wrong, from }, log);
    await expect(mailer.send({ to: 'mira@example.org', subject: 'x', text: 'planted text' })).rejects.toThrow(/login/i);
    const nowhere = openMailer({ smtpUrl: 'smtp://127.0.0.1:1', from }, log);
    await expect(nowhere.send({ to: 'mira@example.org', subject: 'x', text: 'x' })).rejects.toThrow(/ECONNREFUSED/);
    expect(lines.join('')).not.toContain('planted');
  });
});
