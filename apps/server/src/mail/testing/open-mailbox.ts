import { SMTPServer } from 'smtp-server';

/** A mail as it arrived. */
export interface ArrivedMail {
  headers: string;
  text: string;
}

/** A mail server of our own. */
export interface Mailbox {
  /** How it is reached, with the name and password it asks for. */
  url: string;
  mails: ArrivedMail[];
  /** The next mail that has not been taken yet. */
  next(): Promise<ArrivedMail>;
  close(): Promise<void>;
}

/** Opens a mail server that takes mail from whoever knows the password. */
export async function openMailbox(): Promise<Mailbox> {
  const mails: ArrivedMail[] = [];
  let taken = 0;
  let wake: () => void = () => undefined;
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    logger: false,
    onAuth: ({ username, password }, _session, done) =>
      username === 'devpulse' && password === 'secret of the mail server'
        ? done(null, { user: username })
        : done(new Error('wrong password')),
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push(readMail(Buffer.concat(chunks).toString()));
        wake();
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as { port: number };
  return {
    url: `smtp://devpulse:${encodeURIComponent('secret of the mail server')}@127.0.0.1:${port}`,
    mails,
    next: async () => {
      while (mails.length <= taken) await new Promise<void>((resolve) => (wake = resolve));
      taken += 1;
      const mail = mails[taken - 1];
      if (mail === undefined) throw new Error('a mail that arrived is there');
      return mail;
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

function readMail(raw: string): ArrivedMail {
  const [headers = '', ...rest] = raw.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  const isQuoted = /content-transfer-encoding: quoted-printable/i.test(headers);
  const text = isQuoted ? decodeQuoted(body) : body;
  return { headers, text: text.replaceAll('\r\n', '\n') };
}

function decodeQuoted(text: string): string {
  const bytes = text
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
