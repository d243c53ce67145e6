import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

interface Ceremony {
  challenge: string;
  origin: string;
  /** Whether the device asked for a finger, a face or a code. */
  verified?: boolean;
}

/** An authenticator without a device: it makes one passkey and signs with it, also as one that cheats would. */
export interface SoftAuthenticator {
  make(ceremony: Ceremony): Record<string, unknown>;
  use(ceremony: Ceremony): Record<string, unknown>;
}

const present = 0x01;
const personVerified = 0x04;
const attested = 0x40;

/** Opens one for a name, as the standard (WebAuthn 3, section 6) has it. */
export function openSoftAuthenticator(rpId: string): SoftAuthenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(32);
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  // {1: EC2, 3: ES256, -1: P-256, -2: x, -3: y}
  const key = Buffer.concat([
    Buffer.from('a5010203262001215820', 'hex'),
    Buffer.from(x, 'base64url'),
    Buffer.from('225820', 'hex'),
    Buffer.from(y, 'base64url'),
  ]);
  let counter = 0;
  const describe = (flags: number, verified: boolean): Buffer => {
    counter += 1;
    const head = Buffer.alloc(5);
    head[0] = flags | present | (verified ? personVerified : 0);
    head.writeUInt32BE(counter, 1);
    return Buffer.concat([createHash('sha256').update(rpId).digest(), head]);
  };
  const name = { id: id.toString('base64url'), rawId: id.toString('base64url'), type: 'public-key' };
  return {
    make: ({ challenge, origin, verified = true }) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(id.length);
      const data = Buffer.concat([describe(attested, verified), Buffer.alloc(16), length, id, key]);
      const size = Buffer.alloc(2);
      size.writeUInt16BE(data.length);
      // {fmt: "none", attStmt: {}, authData: data}
      const attestation = Buffer.concat([
        Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746159', 'hex'),
        size,
        data,
      ]);
      const response = {
        clientDataJSON: tell('webauthn.create', challenge, origin).toString('base64url'),
        attestationObject: attestation.toString('base64url'),
        transports: ['internal'],
      };
      return { ...name, response, clientExtensionResults: {} };
    },
    use: ({ challenge, origin, verified = true }) => {
      const client = tell('webauthn.get', challenge, origin);
      const data = describe(0, verified);
      const signed = Buffer.concat([data, createHash('sha256').update(client).digest()]);
      const response = {
        clientDataJSON: client.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: sign('sha256', signed, privateKey).toString('base64url'),
      };
      return { ...name, response, clientExtensionResults: {} };
    },
  };
}

function tell(type: string, challenge: string, origin: string): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
}
