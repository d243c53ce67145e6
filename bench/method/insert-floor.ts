import { execFile, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Connection } from '@devpulse/db/connection';
import type { Scope } from './scope.ts';

/** The floor B2: one client that inserts rows with a body, each in a transaction of its own. */
export interface InsertFloor {
  name: string;
  /** Rows a second; their keys begin with the prefix. */
  measure(prefix: string, seconds: number): Promise<number>;
}

const loopFile = fileURLToPath(new URL('insert-loop.ts', import.meta.url));

/** Opens it over pgbench where that is installed, else over the driver. */
export function openInsertFloor(
  scope: Scope,
  where: { login: Connection; workspaceId: string; bytes: number },
): InsertFloor {
  return hasPgbench() ? overPgbench(scope, where) : overDriver(scope, where);
}

function hasPgbench(): boolean {
  try {
    execFileSync('pgbench', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function overPgbench(scope: Scope, where: { login: Connection; workspaceId: string; bytes: number }): InsertFloor {
  const folder = mkdtempSync(path.join(tmpdir(), 'devpulse-bench-'));
  scope.defer(() => rmSync(folder, { recursive: true, force: true }));
  const { login } = where;
  const passwordFile = path.join(folder, 'pgpass');
  const literal = (word: string): string => word.replaceAll(/[\\:]/g, (sign) => `\\${sign}`);
  writeFileSync(passwordFile, `${literal(login.host)}:${login.port}:*:*:${literal(login.password)}\n`, { mode: 0o600 });
  return {
    name: 'B2: pgbench, one client, the same row inserted one by one',
    measure: async (prefix, seconds) => {
      const script = path.join(folder, `${prefix}.sql`);
      const filling = randomBytes(where.bytes / 2)
        .toString('hex')
        .slice(36);
      // The body begins with a random id, so that no two are alike; the rest comes over the wire like that of the program.
      writeFileSync(
        script,
        `insert into raw_events (workspace_id, id, source, item_key, kind, arrival, body, body_encoding, body_sha256)
select '${where.workspaceId}', id, 'git', '${prefix}-' || id, 'bench', 'push', body, 'identity', sha256(body)
from (select id, convert_to(id::text || '${filling}', 'UTF8') as body from (select gen_random_uuid() as id) made) filled;\n`,
      );
      const { stdout } = await promisify(execFile)(
        'pgbench',
        [
          '-n',
          '-M',
          'prepared',
          '-c',
          '1',
          '-j',
          '1',
          '-T',
          String(Math.max(1, Math.round(seconds))),
          '-f',
          script,
          '-h',
          login.host,
          '-p',
          String(login.port),
          '-U',
          login.user,
          login.database,
        ],
        { env: { PATH: '/usr/local/bin:/usr/bin:/bin', PGPASSFILE: passwordFile } },
      );
      const rate = Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1]);
      if (!(rate > 0) || /number of failed transactions: [1-9]/.test(stdout))
        throw new Error(`pgbench said:\n${stdout}`);
      return rate;
    },
  };
}

function overDriver(scope: Scope, where: { login: Connection; workspaceId: string; bytes: number }): InsertFloor {
  return {
    name: 'B2: the PostgreSQL driver, one client, the same row inserted one by one (pgbench is not installed)',
    measure: async (prefix, seconds) => {
      const child = spawn(process.execPath, [loopFile], { stdio: ['pipe', 'pipe', 'inherit'] });
      scope.defer(() => child.kill('SIGKILL'));
      child.stdin.end(JSON.stringify({ ...where, prefix, seconds }));
      return (JSON.parse(await text(child.stdout)) as { rate: number }).rate;
    },
  };
}
