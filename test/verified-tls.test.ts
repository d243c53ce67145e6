import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createServer, type Server } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClient, parseDatabaseUrl } from '@devpulse/db/connection';
import { startExternalServers } from '../tools/external-servers.ts';
import { makeAuthority } from '@devpulse/server/protect/testing/make-certificate';

const run = promisify(execFile);
const ours = makeAuthority('Ours');
const theirs = makeAuthority('Theirs');
const quiet = (): undefined => undefined;

let servers: Awaited<ReturnType<typeof startExternalServers>>;
let folder: string;
let caFile: string;

beforeAll(async () => {
  servers = await startExternalServers();
  folder = await mkdtemp(path.join(tmpdir(), 'devpulse-ca-'));
  caFile = path.join(folder, 'ca.pem');
  await writeFile(caFile, ours.ca);
});
afterAll(async () => {
  await servers.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Signs in and says whether the connection is encrypted, as the server sees it. */
async function signIn(query: string): Promise<boolean> {
  const client = await openClient(parseDatabaseUrl(`${servers.databaseUrl}?${query}`), 'test', quiet);
  try {
    const { rows } = await client.query<{ ssl: boolean }>('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
    return rows[0]?.ssl ?? false;
  } finally {
    await client.end();
  }
}

/** Has the server answer with a certificate, written by itself into its own folder. */
async function serveAs(pair: { cert: string; key: string }): Promise<void> {
  const client = await openClient(parseDatabaseUrl(servers.databaseUrl), 'test', quiet);
  const { rows } = await client.query<{ data_directory: string }>('show data_directory');
  const data = rows[0]?.data_directory ?? '';
  for (const [name, text] of Object.entries(pair)) {
    const file = path.join(data, `server-${name}.pem`);
    await client.query(
      `copy (select unnest(string_to_array(rtrim(${client.escapeLiteral(text)}, E'\\n'), E'\\n'))) to '${file}'`,
    );
    await chmod(file, 0o600);
    await client.query(`alter system set ssl_${name}_file = '${file}'`);
  }
  await client.query('alter system set ssl = on');
  await client.query('select pg_reload_conf()');
  await client.end();
}

describe('an external PostgreSQL', () => {
  const verified = (): string => `sslmode=verify-full&sslrootcert=${encodeURIComponent(caFile)}`;

  it('without TLS is refused where TLS was asked for', async () => {
    await expect(signIn(verified())).rejects.toThrow('does not support SSL');
    await expect(signIn('sslmode=require')).rejects.toThrow('does not support SSL');
    expect(await signIn('sslmode=disable')).toBe(false);
  });

  it('with a certificate of the authority for its address is signed in to', async () => {
    await serveAs(ours.issue('127.0.0.1'));
    await expect.poll(() => signIn(verified()).catch((error: Error) => error.message)).toBe(true);
    expect(await signIn(`sslmode=require&sslrootcert=${encodeURIComponent(caFile)}`)).toBe(true);
  });

  it('with a certificate that nobody we know vouches for is refused', async () => {
    await expect(signIn('sslmode=verify-full')).rejects.toThrow(/unable to verify|self-signed/);
    await serveAs(theirs.issue('127.0.0.1'));
    await expect
      .poll(() => signIn(verified()).catch((error: Error) => error.message))
      .toMatch(/unable to verify|signature/);
  });

  it('with a certificate for somebody else is refused', async () => {
    await serveAs(ours.issue('db.example.org'));
    await expect
      .poll(() => signIn(verified()).catch((error: Error) => error.message))
      .toMatch(/does not match certificate|not in the cert/);
    expect(await signIn('sslmode=require')).toBe(true);
  });
});

describe('an external Redis', () => {
  const script = `
    import { openRedisLimits } from '@devpulse/queue/redis-limits';
    let isRefused = false;
    const report = (error) => ((isRefused = true), console.log(String(error.code ?? error.message)));
    const limits = openRedisLimits({ url: process.argv[1], prefix: 'tls', report });
    for (let tries = 0; tries < 100 && !isRefused; tries += 1) {
      const answer = await limits.take([{ key: 'a', units: 1, everyUs: 1000, most: 9 }]).catch(() => null);
      if (answer !== null) { console.log('granted ' + answer[0].granted); break; }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await limits.close();`;

  /** TLS in front of the real Redis. */
  async function openFront(pair: { cert: string; key: string }): Promise<{ url: string; front: Server }> {
    const { port } = new URL(servers.redisUrl);
    const front = createServer(pair, (secured) => {
      const plain = connect(Number(port), '127.0.0.1');
      secured.pipe(plain).pipe(secured);
      for (const socket of [secured, plain]) socket.on('error', () => socket.destroy());
    });
    front.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
    return { url: `rediss://127.0.0.1:${(front.address() as { port: number }).port}`, front };
  }

  async function talk(pair: { cert: string; key: string }, env: Record<string, string>): Promise<string> {
    const { url, front } = await openFront(pair);
    const options = { env: { PATH: process.env['PATH'], ...env }, cwd: import.meta.dirname };
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script, url], options);
    front.close();
    return stdout;
  }

  it('is talked to when its certificate fits, and refused when it does not', async () => {
    const known = { NODE_EXTRA_CA_CERTS: caFile };
    expect(await talk(ours.issue('127.0.0.1'), known)).toBe('granted 1\n');
    expect(await talk(ours.issue('127.0.0.1'), {})).not.toContain('granted');
    expect(await talk(theirs.issue('127.0.0.1'), known)).not.toContain('granted');
    expect(await talk(ours.issue('redis.example.org'), known)).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
  });
});
