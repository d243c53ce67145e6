import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { DeviceTokens, StartedPairing } from '@devpulse/contract/wire/devices';
import type { ProblemAnswer } from '@devpulse/contract/wire/problems';

/** What came back. */
export interface PairAnswer<Body> {
  status: number;
  body: Body;
  retryAfterSeconds: number | null;
}

/** A program on somebody's machine, as one would write it against the documented API and nothing else. */
export interface PairClient {
  start(device?: { name?: string; system?: string; program?: string }): Promise<StartedPairing>;
  /** Asks once whether somebody approved; what a program does every `intervalSeconds`. */
  claim(deviceCode: string): Promise<PairAnswer<DeviceTokens & ProblemAnswer>>;
  refresh(refreshToken: string): Promise<PairAnswer<DeviceTokens & ProblemAnswer>>;
  leave(refreshToken: string): Promise<PairAnswer<null>>;
  get(path: string, accessToken: string): Promise<PairAnswer<Record<string, unknown> & ProblemAnswer>>;
}

/** The reference client of the pairing flow. With a key, its refresh tokens are worth nothing to anybody else. */
export function openPairClient(address: string, options: { withKey?: boolean } = {}): PairClient {
  const key = options.withKey === true ? generateKeyPairSync('ed25519') : null;
  const post = <Body>(path: string, body: object): Promise<PairAnswer<Body>> =>
    send(address + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  return {
    start: async (device = {}) => {
      const publicKey = key === null ? {} : { publicKey: exportKey(key.publicKey) };
      const wish = { name: 'laptop', system: 'Linux', program: 'reference client 1.0', ...device, ...publicKey };
      const { status, body } = await post<StartedPairing>('/api/v1/devices/pairings', wish);
      if (status !== 201) throw new Error(`pairing could not be started: ${JSON.stringify(body)}`);
      return body;
    },
    claim: (deviceCode) => post('/api/v1/devices/tokens', { deviceCode }),
    refresh: (refreshToken) => {
      const signature = key === null ? {} : { signature: signText(key.privateKey, refreshToken) };
      return post('/api/v1/devices/refresh', { refreshToken, ...signature });
    },
    leave: (refreshToken) => post('/api/v1/devices/leave', { refreshToken }),
    get: (path, accessToken) => send(address + path, { headers: { authorization: `Bearer ${accessToken}` } }),
  };
}

async function send<Body>(url: string, init: RequestInit): Promise<PairAnswer<Body>> {
  const response = await fetch(url, init);
  const text = await response.text();
  const after = response.headers.get('retry-after');
  return {
    status: response.status,
    body: (text === '' ? null : JSON.parse(text)) as Body,
    retryAfterSeconds: after === null ? null : Number(after),
  };
}

function exportKey(key: KeyObject): string {
  return key.export({ format: 'jwk' }).x ?? '';
}

function signText(key: KeyObject, text: string): string {
  return sign(null, Buffer.from(text, 'utf8'), key).toString('base64url');
}
