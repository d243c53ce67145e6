import type { CommitFact, Fact, RepositoryFact } from '@devpulse/contract/facts';
import { cutText, tieBreaker } from './bound-text.ts';
import { cleanText } from './clean-text.ts';
import type { FactRows, ShapedFamily } from './fact-rows.ts';
import { shapeFile } from './families/lists.ts';
import { FamilyShaper, toInstant } from './shape-families.ts';
import { IdentityBook, type Origin, repositoryId } from './shape-identities.ts';

/**
 * Turns facts into rows, pure. Within a batch each natural key appears once, the version that would win in the store, since
 * one statement cannot touch a row twice.
 */
export class FactShaper {
  readonly #identities = new IdentityBook();
  readonly #families = new FamilyShaper(this.#identities);
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
        return;
      }
      case 'account':
        this.#identities.add(origin, fact.account, {
          at: toInstant(fact.observedAt),
          toldAt: toInstant(fact.observedAt),
          hasActed: false,
        });
        return;
      default:
        this.#families.add(origin, fact);
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

  /** The rows, ordered by key: two writers that lock in the same order cannot block each other for ever. */
  rows(): FactRows {
    const commits: FactRows['commits'] = [];
    const credits: FactRows['credits'] = [];
    const files: FactRows['files'] = [];
    for (const [sha, { fact, origin, contentHash }] of [...this.#commits].toSorted(byKey)) {
      const authorId = this.#identities.add(origin, fact.author, { at: fact.authoredAt });
      commits.push({
        sha,
        author_id: authorId,
        authored_at: fact.authoredAt,
        authored_offset_minutes: fact.authoredOffsetMinutes,
        committer_id: this.#identities.add(origin, fact.committer, { at: fact.committedAt }),
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
        const id = this.#identities.add(origin, ref, { at: fact.authoredAt });
        if (credited.has(id)) continue;
        credited.add(id);
        credits.push({ sha, identity_id: id, role: 'co_author', authored_at: fact.authoredAt });
      }
      addFiles(files, fact);
    }
    return {
      identities: this.#identities
        .rows()
        .toSorted(byKey)
        .map(([, row]) => row),
      mentions: this.#families.mentions(),
      repositories: [...this.#repositories].toSorted(byKey).map(([, row]) => row),
      commits,
      credits,
      files,
      reach: [...this.#reach].toSorted(byKey).map(([, row]) => row),
      baselines: [...this.#baselines].toSorted(byKey).map(([, row]) => row),
    };
  }

  /** The rows of what only forges tell. */
  families(): ShapedFamily[] {
    return this.#families.rows();
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

function addFiles(files: FactRows['files'], fact: CommitFact): void {
  const seen = new Set<string>();
  for (const file of fact.files ?? []) {
    const row = { sha: fact.sha, ...shapeFile(file) };
    if (seen.has(row.path)) continue;
    seen.add(row.path);
    files.push(row);
  }
}

const subjectMax = 1000;

function versionOf(row: FactRows['repositories'][number]): string {
  return `${row.observed_at} ${row.content_hash}`;
}

function byKey<Value>(a: [string, Value], b: [string, Value]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}
