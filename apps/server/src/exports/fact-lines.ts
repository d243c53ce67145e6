import { sql } from 'kysely';
import type { Fact } from '@devpulse/contract/facts';
import { restoredKind } from '@devpulse/contract/restored-facts';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { EventLine } from './event-lines.ts';
import { familyQueries, tellInstant, tellWho } from './family-lines.ts';

const rowsPerFetch = 200;
const shasPerFact = 2000;

const commits = sql`
  select a.source, 'restored#commit#' || c.sha as key, json_build_array(json_build_object(
    'fact', 'commit', 'sha', c.sha, 'author', ${tellWho('a')}, 'authoredAt', ${tellInstant('c.authored_at')},
    'authoredOffsetMinutes', c.authored_offset_minutes, 'committer', ${tellWho('m')}, 'committedAt', ${tellInstant('c.committed_at')},
    'committedOffsetMinutes', c.committed_offset_minutes, 'parents', to_json(c.parents), 'subject', c.subject,
    'coAuthors', coalesce((
      select json_agg(${tellWho('o')} order by o.id) from fact_commit_credits k
      join fact_identities o on o.workspace_id = k.workspace_id and o.id = k.identity_id
      where k.workspace_id = c.workspace_id and k.sha = c.sha and k.role = 'co_author'), '[]'::json),
    'files', case when c.files_changed is not null then coalesce((
      select json_agg(json_build_object('path', f.path, 'previousPath', f.previous_path, 'additions', f.additions,
        'deletions', f.deletions, 'isBinary', f.left_out is not distinct from 'binary',
        'isSubmodule', f.left_out is not distinct from 'submodule') order by f.path collate "C")
      from fact_commit_files f where f.workspace_id = c.workspace_id and f.sha = c.sha), '[]'::json) end,
    'fidelity', c.fidelity)) as facts
  from fact_commits c
  join fact_identities a on a.workspace_id = c.workspace_id and a.id = c.author_id
  join fact_identities m on m.workspace_id = c.workspace_id and m.id = c.committer_id
  where c.workspace_id = ${ownWorkspace}
  order by c.sha collate "C"`;

// A repository that only a baseline told of has no name of its own yet.
const repositories = sql`
  select source, 'restored#repository#' || md5(external_key) as key, (
    select json_agg(fact) from (
      select json_build_object('fact', 'repository', 'key', external_key, 'name', name, 'url', url,
        'defaultBranch', default_branch, 'state', state, 'observedAt', ${tellInstant('observed_at')}) as fact where content_hash <> ''
      union all
      select json_build_object('fact', 'reach-baseline', 'repository', external_key, 'snapshot', reach_baseline)
      where reach_baseline > 0
    ) own) as facts
  from fact_repositories where workspace_id = ${ownWorkspace} order by source collate "C", external_key collate "C"`;

const reach = sql`
  select r.source, 'restored#reach#' || md5(r.external_key) || '#' || t.snapshot || '#' || case when t.reachable then '+' else '-' end
      || '#' || t.chunk as key,
    json_build_array(json_build_object('fact', 'reach', 'repository', r.external_key, 'snapshot', t.snapshot,
      'reachable', t.reachable, 'shas', json_agg(t.sha order by t.sha collate "C"))) as facts
  from (
    select repository_id, snapshot, reachable, sha,
      (row_number() over (partition by repository_id, snapshot, reachable order by sha collate "C") - 1) / ${sql.lit(shasPerFact)} as chunk
    from fact_commit_reach where workspace_id = ${ownWorkspace}
  ) t join fact_repositories r on r.workspace_id = ${ownWorkspace} and r.id = t.repository_id
  group by r.source, r.external_key, t.snapshot, t.reachable, t.chunk
  order by r.source collate "C", r.external_key collate "C", t.snapshot, t.reachable, t.chunk`;

/** Every fact of the transaction's workspace as an event that can be taken in again. */
export async function* readFactLines(trx: WorkspaceTransaction): AsyncGenerator<string> {
  for (const query of [repositories, commits, reach, ...familyQueries()]) {
    await sql`declare export_facts no scroll cursor for ${query}`.execute(trx);
    for (;;) {
      const { rows } = await sql<{ source: string; key: string; facts: Fact[] | null }>`
        fetch ${sql.lit(rowsPerFetch)} from export_facts`.execute(trx);
      if (rows.length === 0) break;
      for (const { source, key, facts } of rows) {
        if (facts === null) continue;
        const body = Buffer.from(JSON.stringify(facts)).toString('base64');
        const line: EventLine = { source, key, kind: restoredKind, arrival: 'push', body };
        yield `${JSON.stringify(line)}\n`;
      }
    }
    await sql`close export_facts`.execute(trx);
  }
}
