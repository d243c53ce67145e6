import type { DeliveryFact } from './facts/delivery.ts';
import type { RepositoryRelatedFact } from './facts/repositories.ts';
import type { ThreadFact } from './facts/threads.ts';

/**
 * Facts are what a connector reads out of raw events. Each has a natural key and a rule by which one of two versions
 * wins, so that any order and any repetition of the same raw events leaves the same facts.
 */

/** Who did something, as the source names them. At least one of the fields is set. */
export interface IdentityRef {
  /** The source's own permanent id (a numeric account id); git has none. */
  externalId?: string | undefined;
  email?: string | undefined;
  login?: string | undefined;
  name?: string | undefined;
  /** What the source itself says about the account, for example `Bot`. */
  sourceKind?: string | undefined;
}

/** A repository as its source describes it. Newest `observedAt` wins. */
export interface RepositoryFact {
  fact: 'repository';
  key: string;
  name: string;
  url: string | null;
  defaultBranch: string | null;
  state: 'active' | 'archived' | 'gone';
  /** ISO instant at which the source said so. */
  observedAt: string;
}

/** What a commit did to one file. */
export interface CommitFile {
  path: string;
  previousPath: string | null;
  additions: number;
  deletions: number;
  isBinary: boolean;
  isSubmodule: boolean;
}

/** One commit, keyed by its sha. The most faithful reading wins (a shallow clone's boundary is less faithful). */
export interface CommitFact {
  fact: 'commit';
  sha: string;
  author: IdentityRef;
  /** ISO instant in UTC. */
  authoredAt: string;
  /** Minutes east of UTC in force where the author was. */
  authoredOffsetMinutes: number;
  committer: IdentityRef;
  committedAt: string;
  committedOffsetMinutes: number;
  parents: string[];
  subject: string;
  coAuthors: IdentityRef[];
  /** `null` when the source cannot know them (the cut edge of a shallow clone). */
  files: CommitFile[] | null;
  /** Higher wins: 30 full git object, 20 git object at the cut edge of a shallow clone. */
  fidelity: number;
}

/** Commits that one look at a repository found reachable, or no longer reachable. Highest `snapshot` wins per sha. */
export interface ReachFact {
  fact: 'reach';
  repository: string;
  snapshot: number;
  reachable: boolean;
  shas: string[];
}

/** A complete look: whatever no look since `snapshot` has confirmed is no longer reachable. Highest wins. */
export interface ReachBaselineFact {
  fact: 'reach-baseline';
  repository: string;
  snapshot: number;
}

export type Fact =
  | RepositoryFact
  | CommitFact
  | ReachFact
  | ReachBaselineFact
  | ThreadFact
  | DeliveryFact
  | RepositoryRelatedFact;
