import { createHash } from 'node:crypto';
import type { CommitFact, Fact, IdentityRef, RepositoryFact } from '@devpulse/contract/facts';
import { stableId } from '@devpulse/db/ids';
import { classifyPath } from './classify-path.ts';
import { cleanText } from './clean-text.ts';
import type { FactRows, IdentityRow } from './fact-rows.ts';

/** Where facts come from: ids are made of the workspace, so that the same repository in two workspaces has two. */
export interface Origin {
  workspaceId: string;
  source: string;
}

/**
 * Turns facts into rows, pure. Within a batch each natural key appears once, the version that would win in the store, since
 * one statement cannot touch a row twice.
 */
export class FactShaper {
  readonly #identities = new Map<string, IdentityRow>();
  readonly #repositories = new Map<string, FactRows['repositories'][number]>();
  readonly #commits = new Map<string, { fact: CommitFact; origin: Origin }>();
  readonly #reach = new Map<string, FactRows['reach'][number]>();
  readonly #baselines = new Map<string, FactRows['baselines'][number]>();

  add(origin: Origin, facts: readonly Fact[]): void {
    for (const fact of facts) this.#addFact(origin, fact);
  }

  #addFact(origin: Origin, fact: Fact): void {
    switch (fact.fact) {
      case 'commit':
        if (fact.fidelity > (this.#commits.get(fact.sha)?.fact.fidelity ?? -1)) this.#commits.set(fact.sha, { fact, origin });
        return;
      case 'repository':
        this.#addRepository(origin, fact);
        return;
      case 'reach': {
        const id = repositoryId(origin, fact.repository);
        for (const sha of fact.shas) this.#addReach({ repository_id: id, sha, snapshot: fact.snapshot, reachable: fact.reachable });
        return;
      }
      case 'reach-baseline': {
        const id = repositoryId(origin, fact.repository);
        if (fact.snapshot <= (this.#baselines.get(id)?.snapshot ?? -1)) return;
        this.#baselines.set(id, { repository_id: id, source: origin.source, external_key: fact.repository, snapshot: fact.snapshot });
      }
    }
  }

  #addRepository(origin: Origin, fact: RepositoryFact): void {
    const id = repositoryId(origin, fact.key);
    const content = {
      name: cleanText(fact.name),
      url: fact.url === null ? null : cleanText(fact.url),
      default_branch: fact.defaultBranch === null ? null : cleanText(fact.defaultBranch),
      state: fact.state,
    };
    const row = {
      id,
      source: origin.source,
      external_key: cleanText(fact.key),
      ...content,
      observed_at: fact.observedAt,
      content_hash: tieBreaker(JSON.stringify(content)),
    };
    const known = this.#repositories.get(id);
    if (known === undefined || versionOf(row) > versionOf(known)) this.#repositories.set(id, row);
  }

  #addReach(row: FactRows['reach'][number]): void {
    const key = `${row.repository_id}${row.sha}`;
    if (row.snapshot > (this.#reach.get(key)?.snapshot ?? -1)) this.#reach.set(key, row);
  }

  #identity(origin: Origin, ref: IdentityRef, at: string): string {
    const externalKey = identityKey(ref);
    const id = stableId('identity', origin.workspaceId, origin.source, externalKey);
    const name = textOrNull(ref.name);
    const known = this.#identities.get(id);
    if (known === undefined) {
      this.#identities.set(id, {
        id,
        source: origin.source,
        external_key: externalKey,
        email: textOrNull(ref.email)?.toLowerCase() ?? null,
        login: textOrNull(ref.login),
        name,
        source_kind: textOrNull(ref.sourceKind),
        named_at: at,
        first_seen_at: at,
        last_seen_at: at,
      });
      return id;
    }
    if (at < known.first_seen_at) known.first_seen_at = at;
    if (at > known.last_seen_at) known.last_seen_at = at;
    if (name !== null && (at > known.named_at || (at === known.named_at && tieBreaker(name) > tieBreaker(known.name ?? '')))) {
      known.name = name;
      known.named_at = at;
    }
    return id;
  }

  /** The rows, ordered by key: two writers that lock in the same order cannot block each other for ever. */
  rows(): FactRows {
    const commits: FactRows['commits'] = [];
    const credits: FactRows['credits'] = [];
    const files: FactRows['files'] = [];
    for (const [sha, { fact, origin }] of [...this.#commits].toSorted(byKey)) {
      const authorId = this.#identity(origin, fact.author, fact.authoredAt);
      commits.push({
        sha,
        author_id: authorId,
        authored_at: fact.authoredAt,
        authored_offset_minutes: fact.authoredOffsetMinutes,
        committer_id: this.#identity(origin, fact.committer, fact.committedAt),
        committed_at: fact.committedAt,
        committed_offset_minutes: fact.committedOffsetMinutes,
        parents: fact.parents,
        is_merge: fact.parents.length > 1,
        subject: cleanText(fact.subject).slice(0, 1000),
        files_changed: fact.files?.length ?? null,
        fidelity: fact.fidelity,
      });
      credits.push({ sha, identity_id: authorId, role: 'author', authored_at: fact.authoredAt });
      const credited = new Set([authorId]);
      for (const ref of fact.coAuthors) {
        const id = this.#identity(origin, ref, fact.authoredAt);
        if (credited.has(id)) continue;
        credited.add(id);
        credits.push({ sha, identity_id: id, role: 'co_author', authored_at: fact.authoredAt });
      }
      addFiles(files, fact);
    }
    return {
      identities: [...this.#identities].toSorted(byKey).map(([, row]) => row),
      repositories: [...this.#repositories].toSorted(byKey).map(([, row]) => row),
      commits,
      credits,
      files,
      reach: [...this.#reach].toSorted(byKey).map(([, row]) => row),
      baselines: [...this.#baselines].toSorted(byKey).map(([, row]) => row),
    };
  }
}

/** The natural key of an identity: the source's permanent id, else the e-mail, else the login, else the name. */
export function identityKey(ref: IdentityRef): string {
  if (ref.externalId !== undefined && ref.externalId !== '') return `id:${cleanText(ref.externalId)}`;
  const email = textOrNull(ref.email);
  if (email !== null) return `email:${email.toLowerCase()}`;
  const login = textOrNull(ref.login);
  if (login !== null) return `login:${login.toLowerCase()}`;
  return `name:${textOrNull(ref.name)?.toLowerCase() ?? ''}`;
}

/** The id of a repository in a workspace. */
export function repositoryId(origin: Origin, key: string): string {
  return stableId('repository', origin.workspaceId, origin.source, cleanText(key));
}

function addFiles(files: FactRows['files'], fact: CommitFact): void {
  const seen = new Set<string>();
  for (const file of fact.files ?? []) {
    const path = cleanText(file.path);
    if (seen.has(path)) continue;
    seen.add(path);
    const { language, leftOut } = classifyPath(path);
    files.push({
      sha: fact.sha,
      path,
      previous_path: file.previousPath === null ? null : cleanText(file.previousPath),
      additions: file.additions,
      deletions: file.deletions,
      language,
      left_out: file.isSubmodule ? 'submodule' : file.isBinary ? 'binary' : leftOut,
    });
  }
}

function textOrNull(text: string | undefined): string | null {
  const cleaned = text === undefined ? '' : cleanText(text).trim();
  return cleaned === '' ? null : cleaned;
}

function versionOf(row: FactRows['repositories'][number]): string {
  return `${row.observed_at} ${row.content_hash}`;
}

// Of two versions of the same age one must win whatever the order; the store decides by the same hash.
function tieBreaker(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function byKey<Value>(a: [string, Value], b: [string, Value]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}
