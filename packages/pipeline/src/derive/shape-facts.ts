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
  readonly #commits = new Map<string, CommitVersion>();
  readonly #reach = new Map<string, FactRows['reach'][number]>();
  readonly #baselines = new Map<string, FactRows['baselines'][number]>();

  add(origin: Origin, facts: readonly Fact[]): void {
    for (const fact of facts) this.#addFact(origin, fact);
  }

  #addFact(origin: Origin, fact: Fact): void {
    switch (fact.fact) {
      case 'commit':
        this.#addCommit({ fact, origin, contentHash: tieBreaker(JSON.stringify(fact)) });
        return;
      case 'repository':
        this.#addRepository(origin, fact);
        return;
      case 'reach': {
        const id = repositoryId(origin, fact.repository);
        for (const sha of fact.shas)
          this.#addReach({ repository_id: id, sha, snapshot: fact.snapshot, reachable: fact.reachable });
        return;
      }
      case 'reach-baseline': {
        const id = repositoryId(origin, fact.repository);
        if (fact.snapshot <= (this.#baselines.get(id)?.snapshot ?? -1)) return;
        this.#baselines.set(id, {
          repository_id: id,
          source: origin.source,
          external_key: fact.repository,
          snapshot: fact.snapshot,
        });
      }
    }
  }

  #addCommit(version: CommitVersion): void {
    const known = this.#commits.get(version.fact.sha);
    if (known === undefined || winsOver(version, known)) this.#commits.set(version.fact.sha, version);
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
    const seen = {
      id,
      source: origin.source,
      external_key: externalKey,
      email: textOrNull(ref.email)?.toLowerCase() ?? null,
      login: textOrNull(ref.login),
      name: textOrNull(ref.name),
      source_kind: textOrNull(ref.sourceKind),
      first_seen_at: at,
      last_seen_at: at,
    };
    // An act without a name says nothing of when the name was taken.
    const row = { ...seen, named_at: seen.name === null ? unnamedAt : at };
    const known = this.#identities.get(id);
    if (known === undefined) this.#identities.set(id, row);
    else mergeIdentity(known, row);
    return id;
  }

  /** The rows, ordered by key: two writers that lock in the same order cannot block each other for ever. */
  rows(): FactRows {
    const commits: FactRows['commits'] = [];
    const credits: FactRows['credits'] = [];
    const files: FactRows['files'] = [];
    for (const [sha, { fact, origin, contentHash }] of [...this.#commits].toSorted(byKey)) {
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
        subject: cutText(fact.subject, subjectMax),
        files_changed: fact.files?.length ?? null,
        fidelity: fact.fidelity,
        content_hash: contentHash,
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

interface CommitVersion {
  fact: CommitFact;
  origin: Origin;
  contentHash: string;
}

// Two clones may read the same commit with other attributes; of two equally faithful readings the same one must win in
// any order, and the store decides by the same hash.
function winsOver(one: CommitVersion, other: CommitVersion): boolean {
  const byFidelity = one.fact.fidelity - other.fact.fidelity;
  return byFidelity > 0 || (byFidelity === 0 && one.contentHash > other.contentHash);
}

const unnamedAt = '1970-01-01T00:00:00.000Z';

/** The same rule by which the store merges two rows of one identity, so that it cannot matter how acts fall into batches. */
function mergeIdentity(known: IdentityRow, row: IdentityRow): void {
  if (row.first_seen_at < known.first_seen_at) known.first_seen_at = row.first_seen_at;
  if (row.last_seen_at > known.last_seen_at) known.last_seen_at = row.last_seen_at;
  known.email = firstOf(known.email, row.email);
  known.login = firstOf(known.login, row.login);
  known.source_kind = firstOf(known.source_kind, row.source_kind);
  if (row.name === null) return;
  const isTie = row.named_at === known.named_at && known.name !== null;
  if (
    known.name === null ||
    row.named_at > known.named_at ||
    (isTie && tieBreaker(row.name) > tieBreaker(known.name))
  ) {
    known.name = row.name;
    known.named_at = row.named_at;
  }
}

/** Of several texts the first in the order of their bytes, which is the order of the collation "C". */
function firstOf(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) <= 0 ? a : b;
}

/** The natural key of an identity: the source's permanent id, else the e-mail, else the login, else the name. */
export function identityKey(ref: IdentityRef): string {
  if (ref.externalId !== undefined && ref.externalId !== '') return `id:${cutText(ref.externalId, identityTextMax)}`;
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
    const wholePath = cleanText(file.path);
    const path = boundPath(wholePath);
    if (seen.has(path)) continue;
    seen.add(path);
    const { language, leftOut } = classifyPath(wholePath);
    files.push({
      sha: fact.sha,
      path,
      previous_path: file.previousPath === null ? null : boundPath(cleanText(file.previousPath)),
      additions: file.additions,
      deletions: file.deletions,
      language,
      left_out: file.isSubmodule ? 'submodule' : file.isBinary ? 'binary' : leftOut,
    });
  }
}

// Names and addresses are looked up by index, and an entry of an index holds at most 2.7 KB. No honest one comes near.
const identityTextMax = 500;
const subjectMax = 1000;

function textOrNull(text: string | undefined): string | null {
  const cleaned = text === undefined ? '' : cleanText(text).trim();
  return cleaned === '' ? null : cutText(cleaned, identityTextMax);
}

/** Cleans after cutting too: the cut may part a pair of surrogates. */
function cutText(text: string, length: number): string {
  return cleanText(cleanText(text).slice(0, length));
}

// A path is part of a key. Git itself takes names of any length; a longer one keeps its beginning and stays different from
// its neighbours.
const pathBytesMax = 2000;

function boundPath(path: string): string {
  if (Buffer.byteLength(path) <= pathBytesMax) return path;
  return `${cutText(path, pathBytesMax / 4)}…${tieBreaker(path)}`;
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
