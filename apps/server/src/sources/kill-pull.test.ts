import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foldFacts } from '@devpulse/connectors/github/testing/fold-facts';
import { tellWorld, worldOf } from '@devpulse/connectors/github/testing/tell-world';
import type { ConnectionView } from '@devpulse/contract/wire/connections';
import type { SourceList, SourceView } from '@devpulse/contract/wire/sources';
import { openClient } from '@devpulse/db/connection';
import { type GithubCounterpart, openGithub } from '../../../../test/github/open-github.ts';
import { openRuntime } from '../runtime/open-runtime.ts';
import { releaseDeadLeases } from '../testing/kill-load.ts';
import { makeSurroundings } from '../testing/make-surroundings.ts';
import { type Program, runCommand, startProgram } from '../testing/start-program.ts';
import { findFirstWorkspace } from '../workspaces/ensure-workspace.ts';
import { readStoredFacts } from './testing/read-stored-facts.ts';

const rounds = Number(process.env['KILL_ROUNDS'] ?? 2);

let github: GithubCounterpart;
let dataDir = '';
let databaseUrl: string | undefined;
let remove: () => Promise<void> = async () => undefined;
let token = '';

beforeAll(async () => {
  github = await openGithub({ grow: { seed: 'kill', repositories: 1, commits: 50, pulls: 20, issues: 8 } });
  ({ dataDir, databaseUrl, remove } = await makeSurroundings());
});
afterAll(async () => {
  await remove();
  await github.close();
});

function start(): Promise<Program> {
  const env = { LOG_LEVEL: 'fatal', GITHUB_BASE_URL: github.url, GITHUB_API_URL: github.apiUrl };
  return startProgram(dataDir, { env });
}

async function send<Answer>({ address }: Program, method: string, url: string, body?: object): Promise<Answer> {
  const answer = await fetch(`${address}/api/v1/${url}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

/** Somebody connects an account and watches its repository; reading begins at once. */
async function watch(program: Program, fullName: string): Promise<void> {
  const secret = github.issueToken({ account: 'mira', kind: 'classic', scopes: ['repo', 'read:org'] }).value;
  const { id } = await send<ConnectionView>(program, 'POST', 'connections/token', { token: secret });
  await send(program, 'POST', `connections/${id}/repositories/refresh`);
  const numbers = [String(github.repository(fullName).id)];
  const { sourceIds } = await send<{ sourceIds: string[] }>(program, 'POST', `connections/${id}/repositories/watch`, {
    numbers,
  });
  await send(program, 'PATCH', `sources/${sourceIds[0]}/monitor`, { history: 'all' });
}

async function listed(program: Program): Promise<SourceView | undefined> {
  return (await send<SourceList>(program, 'GET', 'sources')).sources[0];
}

/** The dead hold their source, their turns and their jobs for a minute or two; the test need not wait for that. */
async function releaseTheDead(): Promise<void> {
  await releaseDeadLeases({ dataDir, databaseUrl });
  const runtime = await openRuntime({ dataDir, databaseUrl, kind: 'command', log: () => undefined });
  const client = await openClient(runtime.logins.owner, 'the test', () => undefined);
  await client.query('delete from governor_turns; delete from governor_quotas; delete from governor_accounts');
  await client.query(`update pgboss.job set state = 'failed' where state in ('active', 'retry')`);
  await client.end();
  const { workspaceId } = await findFirstWorkspace(runtime.store);
  await runtime.store.inWorkspace(workspaceId, (trx) =>
    sql`update sources set next_look_at = now(), waiting_until = null`.execute(trx),
  );
  await runtime.close();
}

describe('killing a program that reads GitHub at random moments', { timeout: 300_000 }, () => {
  it('ends at the same facts as if nothing had happened', async () => {
    const repository = 'harbor/harbor-web';
    token = (await runCommand(dataDir, ['token', 'create', '--scope', 'sources', '--scope', 'read'])).stdout.trim();
    let kills = 0;
    for (let round = 0; round < rounds; round += 1) {
      const program = await start();
      if (round === 0) await watch(program, repository);
      const enough = github.requests.length + randomInt(2, 25);
      for (let waits = 0; github.requests.length < enough && waits < 500; waits += 1) await sleep(10);
      program.child.kill('SIGKILL');
      await program.ended;
      kills += 1;
      await releaseTheDead();
    }
    const last = await start();
    const world = worldOf(github, github.repository(repository).id);
    await expect.poll(async () => (await listed(last))?.state, { timeout: 200_000, interval: 500 }).toBe('ok');
    const told = async () => {
      const runtime = await openRuntime({ dataDir, databaseUrl, kind: 'command', log: () => undefined });
      try {
        const { workspaceId } = await findFirstWorkspace(runtime.store);
        return tellWorld(
          [...foldFacts(await readStoredFacts(runtime.store, workspaceId)).values()],
          github.repository(repository).id,
        );
      } finally {
        await runtime.close();
      }
    };
    await expect.poll(told, { timeout: 100_000, interval: 1000 }).toEqual(world);
    last.child.kill('SIGTERM');
    expect((await last.ended).code).toBe(0);
    expect(kills).toBe(rounds);
    const verified = await runCommand(dataDir, ['verify']);
    expect(verified.stdout, verified.stderr).toMatch(/^No difference/m);
  });
});
