import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { prepareEndpoint, socketFits } from './socket-folder.ts';

function makeTemporary(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'dp-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

const long = `/data/${'x'.repeat(100)}`;

describe('socketFits', () => {
  it('counts bytes, and the last one that fits is the kernel’s', () => {
    const limit = process.platform === 'linux' ? 107 : 103;
    const rest = '/.s.PGSQL.5432'.length;
    expect(socketFits(`/${'x'.repeat(limit - rest - 1)}`)).toBe(true);
    expect(socketFits(`/${'x'.repeat(limit - rest)}`)).toBe(false);
    expect(socketFits(`/${'é'.repeat(60)}`)).toBe(false);
  });
});

describe('prepareEndpoint', () => {
  it('stays in the data folder while its path is short, and sets the rights of what lies there', async () => {
    const dataDir = makeTemporary();
    mkdirSync(path.join(dataDir, 'run'));
    chmodSync(path.join(dataDir, 'run'), 0o755);
    const { endpoint, temporaryFolder } = await prepareEndpoint(dataDir, null);
    expect(endpoint).toEqual({ host: path.join(dataDir, 'run'), port: 5432 });
    expect(temporaryFolder).toBeNull();
    expect(statSync(endpoint.host).mode & 0o777).toBe(0o700);
  });

  it('uses the same private temporary folder again for the same long path, and another one for another path', async () => {
    const temporary = makeTemporary();
    const first = await prepareEndpoint(long, null, temporary);
    expect(path.dirname(first.endpoint.host)).toBe(temporary);
    expect(statSync(first.endpoint.host).mode & 0o777).toBe(0o700);
    expect(await prepareEndpoint(long, null, temporary)).toEqual(first);
    expect((await prepareEndpoint(`${long}y`, null, temporary)).endpoint.host).not.toBe(first.endpoint.host);
  });

  it('does not trust what somebody else may have put there', async () => {
    const temporary = makeTemporary();
    const { endpoint } = await prepareEndpoint(long, null, temporary);
    chmodSync(endpoint.host, 0o777);
    const second = await prepareEndpoint(long, null, temporary);
    expect(second.endpoint.host).not.toBe(endpoint.host);

    rmSync(endpoint.host, { recursive: true });
    symlinkSync(second.endpoint.host, endpoint.host);
    const third = await prepareEndpoint(long, null, temporary);
    expect(third.endpoint.host).not.toBe(endpoint.host);
    expect(readdirSync(temporary)).toHaveLength(3);
  });

  it('falls back to a short folder when the temporary one is too long itself', async () => {
    const { endpoint, temporaryFolder } = await prepareEndpoint(long, null, path.join(makeTemporary(), 'y'.repeat(90)));
    onTestFinished(() => rmSync(endpoint.host, { recursive: true }));
    expect(temporaryFolder).toBe(endpoint.host);
    expect(socketFits(endpoint.host)).toBe(true);
  });
});
