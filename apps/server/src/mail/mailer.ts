import type { Logger } from '../log.ts';

/** A mail in plain text: nothing in it can be hidden, tracked or left out by a reader. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
}

/** Hands mail on. */
export interface Mailer {
  /** Resolves once the mail server took it; throws when it did not. */
  send(mail: Mail): Promise<void>;
}

export interface MailSettings {
  smtpUrl: string;
  from: string;
}

const patienceMs = 10_000;

/** A mailer for this server; it connects for each mail, of which there are few. */
export function openMailer(settings: MailSettings, log: Logger): Mailer {
  return {
    send: async (mail) => {
      // Loaded with the first mail: most instances never send one.
      const { createTransport } = await import('nodemailer');
      const transport = createTransport({
        url: settings.smtpUrl,
        connectionTimeout: patienceMs,
        greetingTimeout: patienceMs,
        socketTimeout: patienceMs,
        // A mail is text of ours: nothing in it may name a file or an address to be fetched.
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      try {
        await transport.sendMail({ from: settings.from, to: mail.to, subject: oneLine(mail.subject), text: mail.text });
        log.info('a mail was handed on');
      } finally {
        transport.close();
      }
    },
  };
}

/** A name in a subject could otherwise begin another header. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 200);
}
