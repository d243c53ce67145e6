import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClient } from './connection.ts';
import { appRole } from './prepare-roles.ts';
import { findTestServer } from './testing/test-server.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const quiet = (): undefined => undefined;

/** Tables as somebody in a hurry would add them. */
const planted = `
  create table planted_ungoverned (workspace_id uuid not null, id uuid not null, note text, primary key (workspace_id, id));
  create table planted_unforced (workspace_id uuid not null, id uuid not null, primary key (workspace_id, id));
  alter table planted_unforced enable row level security;
  create policy everybody on planted_unforced for all to ${appRole} using (true);
  create table planted_of_nobody (id uuid primary key, note text);
  grant select, insert, update, delete on planted_ungoverned, planted_unforced, planted_of_nobody to ${appRole};
  create view planted_view as select sha from fact_commits;
  create function planted_door() returns bigint language sql security definer as 'select count(*) from fact_commits';`;

interface Report {
  testResults: { assertionResults: { fullName: string; status: string }[] }[];
}

let folder = '';
const template = `planted_${randomBytes(8).toString('hex')}`;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'devpulse-isolation-'));
  const server = findTestServer();
  await asAdmin(`create database ${template} owner ${server.logins.owner.user} template ${server.template}`);
  const owner = await openClient({ ...server.logins.owner, database: template }, 'the test', quiet);
  await owner.query(planted);
  await owner.end();
});
afterAll(async () => {
  await asAdmin(`drop database if exists ${template} with (force)`);
  await rm(folder, { recursive: true, force: true });
});

async function asAdmin(statement: string): Promise<void> {
  const client = await openClient(findTestServer().admin, 'the test', quiet);
  await client.query(statement);
  await client.end();
}

/** Runs the tests of isolation on the planted schema; answers what became of each. */
async function runIsolationTests(): Promise<Map<string, string>> {
  const config = path.join(folder, 'vitest.config.mjs');
  const report = path.join(folder, 'report.json');
  // The repository's own configuration would start a server of its own.
  await writeFile(
    config,
    `export default { test: { include: ['packages/db/src/isolation.test.ts'], hookTimeout: 120_000 } };`,
  );
  const child = spawn(
    process.execPath,
    [
      path.join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--root',
      root,
      '--config',
      config,
      '--reporter=json',
      `--outputFile=${report}`,
    ],
    {
      cwd: root,
      env: { PATH: process.env['PATH'], DEVPULSE_TEST_SERVER: JSON.stringify({ ...findTestServer(), template }) },
      stdio: 'ignore',
    },
  );
  await once(child, 'close');
  const { testResults } = JSON.parse(await readFile(report, 'utf8')) as Report;
  return new Map(testResults.flatMap((file) => file.assertionResults.map((test) => [test.fullName, test.status])));
}

describe('the tests of isolation', { timeout: 120_000 }, () => {
  it('report tables, views and functions that somebody forgot to govern, and nothing else', async () => {
    const results = await runIsolationTests();
    const failed = [...results].filter(([, status]) => status === 'failed').map(([name]) => name);
    const rule = 'has row security, forced, by the workspace of the transaction and nothing wider';
    const sight = 'shows the application its own workspace, and nothing without one';
    for (const table of ['planted_ungoverned', 'planted_unforced', 'planted_of_nobody']) {
      expect(failed).toContain(`table ${table} ${rule}`);
      expect(failed).toContain(`table ${table} ${sight}`);
    }
    expect(failed).toContain('table planted_of_nobody has the workspace first in its primary key');
    expect(failed).toContain('the schema shows through views only what their reader may see');
    expect(failed.filter((name) => name.includes('no function with the owner’s rights'))).toHaveLength(1);
    const others = failed.filter((name) => name.startsWith('table ') && !name.startsWith('table planted_'));
    expect(others).toEqual([]);
    expect(results.get(`table fact_commits ${rule}`)).toBe('passed');
  });
});
