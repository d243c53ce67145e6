import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDataDir, runCommand, startProgram } from '../testing/start-program.ts';
import { makeAuthority } from './testing/make-certificate.ts';

let dataDir: string;
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ dataDir, remove } = await makeDataDir());
});
afterEach(() => remove());

describe('the program', () => {
  it('does not listen for others without TLS, says so before it touches anything, and how to go on', async () => {
    const { code, stderr } = await runCommand(dataDir, ['serve', '--port', '0', '--host', '0.0.0.0']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^--host: on 0\.0\.0\.0 others can reach DevPulse/);
    for (const way of [
      'DEVPULSE_TLS_CERT',
      'DEVPULSE_TRUSTED_PROXIES',
      '--host 127.0.0.1',
      'DEVPULSE_ALLOW_PLAIN_HTTP',
    ])
      expect(stderr).toContain(way);
    expect(stderr).not.toContain('Starting PostgreSQL');
  });

  it('serves HTTPS with the certificate it was given', async () => {
    const authority = makeAuthority();
    const pair = authority.issue('localhost');
    const folder = await mkdtemp(path.join(tmpdir(), 'devpulse-certificate-'));
    const files = { cert: path.join(folder, 'cert.pem'), key: path.join(folder, 'key.pem') };
    await writeFile(files.cert, pair.cert);
    await writeFile(files.key, pair.key);
    const env = { DEVPULSE_TLS_CERT: files.cert, DEVPULSE_TLS_KEY: files.key };
    const program = await startProgram(dataDir, { args: ['--host', '0.0.0.0'], env });
    expect(program.address).toMatch(/^https:\/\/localhost:\d+$/);
    const { port } = new URL(program.address);
    const status = await new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port, path: '/readyz', ca: authority.ca, servername: 'localhost' };
      get(options, (response) => resolve(response.resume().statusCode)).on('error', reject);
    });
    expect(status).toBe(200);
    program.child.kill('SIGTERM');
    await program.ended;
    await rm(folder, { recursive: true });
  });
});
