import { markWorkspaceStale } from '@devpulse/pipeline/derive/mark-stale';
import { rollUp } from '@devpulse/pipeline/rollup/roll-up';
import { loadMetrics } from '@devpulse/server/runtime/load-extensions';
import { countFacts } from './fact-tables.ts';
import { type BenchProgram, openProgram } from './open-program.ts';
import type { Querying } from './querying.ts';
import { type BenchContext, bySize, shareInRun } from './target.ts';
import { timeSeconds } from './time-seconds.ts';

/** A program over a history of so many facts, with all its days counted. */
export interface FactHistory {
  program: BenchProgram;
  commits: number;
  facts: number;
  /** How long counting all its days took. */
  rollupSeconds: number;
}

/** The last day of every history; histories reach three years back, whatever their size. */
export const lastDay = '2026-06-30';
const factsPerCommit = 5.9;

/** The small and the large history that T10, T11, T12 and T22 read; made once in a run. */
export const shareFactHistories: (context: BenchContext) => Promise<{ small: FactHistory; large: FactHistory }> =
  shareInRun(async (context) => ({
    small: await openHistory(context, bySize(context, { quick: 20_000, default: 100_000 })),
    large: await openHistory(context, bySize(context, { quick: 100_000, default: 1_000_000, full: 10_000_000 })),
  }));

async function openHistory(context: BenchContext, facts: number): Promise<FactHistory> {
  context.say(`making a history of ${facts} facts`);
  // The program only answers: what the bench itself counts and writes must not be done by two.
  const program = await openProgram(context.runScope, ['--roles', 'api']);
  const commits = Math.round(facts / factsPerCommit);
  await writePeople(program);
  await writeCommits(program, { from: 1, to: commits, days: 1095 });
  await program.admin.query('analyze');
  const { store, workspaceId } = program;
  await store.inWorkspace(workspaceId, (trx) => markWorkspaceStale(trx));
  context.say(`counting its days`);
  const rollupSeconds = await timeSeconds(() => rollUp({ store, metrics: loadMetrics() }, workspaceId));
  await program.admin.query('vacuum analyze');
  return { program, commits, facts: await countFacts(program.admin), rollupSeconds };
}

// Chance that is the same on every machine: the hash of the running number, with a salt for each purpose.
const chance = (number: string, salt: number): string =>
  `(abs(hashint8extended(${number}, ${salt})) % 1000003) / 1000003.0`;
const people = 40;
const repositories = 25;
const idOf = (kind: number, number: string): string =>
  `('00000000-0000-4000-8${kind.toString().padStart(3, '0')}-' || lpad((${number})::text, 12, '0'))::uuid`;

/** Forty identities, of which every thirteenth is a machine, in four zones. */
async function writePeople({ admin, workspaceId }: BenchProgram): Promise<void> {
  await admin.query(`update workspaces set zone = 'Europe/Berlin' where id = $1`, [workspaceId]);
  await admin.query(
    `insert into fact_identities (workspace_id, id, source, external_key, email, name, named_at, first_seen_at, last_seen_at, kind, kind_signal)
     select $1, ${idOf(1, 'n')}, 'git', 'bench-' || n, 'person' || n || '@example.org', 'Person ' || n, now(), now(), now(),
            case when n % 13 = 0 then 'automation' else 'person' end, ''
     from generate_series(0, ${people - 1}) n`,
    [workspaceId],
  );
  await admin.query(
    `insert into people (workspace_id, id, name, zone)
     select $1, ${idOf(1, 'n')}, 'Person ' || n, (array['Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe'])[1 + n % 4]
     from generate_series(0, ${people - 1}) n where n % 13 <> 0`,
    [workspaceId],
  );
  await admin.query(
    `insert into fact_repositories (workspace_id, id, source, external_key, name, state, observed_at, content_hash)
     select $1, ${idOf(2, 'n')}, 'git', 'bench-' || n, 'repository-' || n, 'active', now(), ''
     from generate_series(0, ${repositories - 1}) n`,
    [workspaceId],
  );
}

/** Writes the commits of these running numbers, spread over the last days of the history. A few people do most of it. */
export async function writeCommits(
  { admin, workspaceId }: Pick<BenchProgram, 'admin' | 'workspaceId'>,
  range: { from: number; to: number; days: number },
): Promise<string[]> {
  const author = idOf(1, `floor(power(${chance('n', 1)}, 2.5) * ${people})::int`);
  // Bursts: half of the work falls on a tenth of each day's length; some instants are the same to the second.
  const at = `date_trunc('second', timestamptz '${lastDay} 18:00:00Z' - make_interval(days => floor(${chance('n', 2)} * ${range.days})::int)
    - make_interval(secs => case when n % 2 = 0 then ${chance('n', 3)} * 8640 else ${chance('n', 3)} * 86400 end))`;
  const sha = `lpad(to_hex(n), 40, '0')`;
  const numbers = `generate_series(${range.from}::bigint, ${range.to}::bigint) n`;
  await insert(
    admin,
    workspaceId,
    `fact_commits (workspace_id, sha, author_id, authored_at, authored_offset_minutes, committer_id, committed_at,
      committed_offset_minutes, parents, is_merge, subject, files_changed, fidelity, content_hash)
    select $1::uuid, ${sha}, ${author}, ${at}, 60, ${author}, ${at}, 60, array['a'], n % 17 = 0, 'change ' || n, 3, 30, md5(n::text) from ${numbers}`,
  );
  await insert(
    admin,
    workspaceId,
    `fact_commit_credits (workspace_id, sha, identity_id, role, authored_at)
    select $1::uuid, ${sha}, ${author}, 'author', ${at} from ${numbers}`,
  );
  await insert(
    admin,
    workspaceId,
    `fact_commit_credits (workspace_id, sha, identity_id, role, authored_at)
    select $1::uuid, ${sha}, ${idOf(1, String(people - 1))}, 'co_author', ${at} from ${numbers} where n % 11 = 0 on conflict do nothing`,
  );
  await insert(
    admin,
    workspaceId,
    `fact_commit_reach (workspace_id, repository_id, sha, snapshot, reachable)
    select $1::uuid, ${idOf(2, `floor(power(${chance('n', 4)}, 2) * ${repositories})::int`)}, ${sha}, 1, true from ${numbers}`,
  );
  await insert(
    admin,
    workspaceId,
    `fact_commit_files (workspace_id, sha, path, additions, deletions, language, left_out)
    select $1::uuid, ${sha}, 'src/file' || f || '.ts', floor(${chance('n * 7 + f', 5)} * 80)::int, floor(${chance('n * 7 + f', 6)} * 40)::int,
           (array['TypeScript', 'Python', 'Go', 'CSS'])[1 + f % 4], case when (n + f) % 23 = 0 then 'lockfile' end
    from ${numbers} cross join lateral generate_series(1, 1 + floor(${chance('n', 7)} * 4.6)::int) f`,
  );
  const { rows } = await admin.query(`select ${sha} as sha from ${numbers}`);
  return range.to - range.from > 100_000 ? [] : rows.map((row) => String(row['sha']));
}

async function insert(admin: Querying, workspaceId: string, text: string): Promise<void> {
  await admin.query(`insert into ${text}`, [workspaceId]);
}

/** The workspace as the policies see it, for the session of a client that is bound by them. */
export async function enterWorkspace(client: Querying, workspaceId: string): Promise<void> {
  await client.query(`select set_config('app.workspace', $1, false)`, [workspaceId]);
}
