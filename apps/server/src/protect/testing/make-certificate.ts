import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';

/** An authority of our own making, for tests that check who answers. */
export interface TestAuthority {
  /** Its certificate, as PEM: what a client has to be given. */
  ca: string;
  /** A certificate for a name or an address, signed by this authority. */
  issue(name: string): { cert: string; key: string };
}

const day = 86_400_000;

/** Makes an authority; nothing of it is left when the test is over. */
export function makeAuthority(name = 'Test authority'): TestAuthority {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = { name, privateKey: keys.privateKey };
  const ca = makeCertificate({ subject: name, publicKey: keys.publicKey, issuer, extension: isAuthority });
  return {
    ca,
    issue: (subject) => {
      const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const extension = alternativeName(subject);
      return {
        cert: makeCertificate({ subject, publicKey: own.publicKey, issuer, extension }),
        key: own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      };
    },
  };
}

function makeCertificate(wish: {
  subject: string;
  publicKey: KeyObject;
  issuer: { name: string; privateKey: KeyObject };
  extension: Buffer;
}): string {
  const now = Date.now();
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    // Positive, or it would be another number.
    tagged(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    nameOf(wish.issuer.name),
    sequence(timeOf(now - day), timeOf(now + day)),
    nameOf(wish.subject),
    wish.publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(wish.extension)),
  );
  const signature = sign('sha256', body, wish.issuer.privateKey);
  const whole = sequence(body, ecdsaWithSha256, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function tagged(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, ...parts);
}

const ecdsaWithSha256 = sequence(Buffer.from('06082a8648ce3d040302', 'hex'));
const commonName = Buffer.from('0603550403', 'hex');

// Critical: basicConstraints { cA true }
const isAuthority = sequence(
  Buffer.from('0603551d13', 'hex'),
  Buffer.from('0101ff', 'hex'),
  tagged(0x04, sequence(Buffer.from('0101ff', 'hex'))),
);

function nameOf(name: string): Buffer {
  return sequence(tagged(0x31, sequence(commonName, tagged(0x0c, Buffer.from(name)))));
}

function timeOf(ms: number): Buffer {
  const text = new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return tagged(0x17, Buffer.from(text.slice(2)));
}

function alternativeName(name: string): Buffer {
  const entry =
    isIP(name) === 4 ? tagged(0x87, Buffer.from(name.split('.').map(Number))) : tagged(0x82, Buffer.from(name));
  return sequence(Buffer.from('0603551d11', 'hex'), tagged(0x04, sequence(entry)));
}
