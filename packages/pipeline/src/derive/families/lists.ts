import type { IdentityRef } from '@devpulse/contract/facts';
import { boundKey, cutText } from '../bound-text.ts';
import { classifyPath } from '../classify-path.ts';
import { cleanText } from '../clean-text.ts';
import type { FileRow } from '../fact-rows.ts';
import type { List } from './define-family.ts';

interface ChangedFile {
  path: string;
  previousPath: string | null;
  additions: number;
  deletions: number;
  isBinary: boolean;
  isSubmodule: boolean;
}

/** The columns of a changed file, of a commit or of a whole pull request. */
export function shapeFile(file: ChangedFile): Omit<FileRow, 'sha'> {
  const whole = cleanText(file.path);
  const { language, leftOut } = classifyPath(whole);
  return {
    path: boundKey(whole),
    previous_path: file.previousPath === null ? null : boundKey(cleanText(file.previousPath)),
    additions: file.additions,
    deletions: file.deletions,
    language,
    left_out: file.isSubmodule ? 'submodule' : file.isBinary ? 'binary' : leftOut,
  };
}

export const pullCommits = {
  field: 'commits' as const,
  table: 'fact_pull_commits',
  counted: 'commits_listed',
  columns: { sha: 'text' },
  people: [],
  shape: (sha: string) => ({ sha }),
} satisfies List;

export const pullFiles = {
  field: 'files' as const,
  table: 'fact_pull_files',
  counted: 'files_listed',
  columns: {
    path: 'text',
    previous_path: 'text',
    additions: 'integer',
    deletions: 'integer',
    language: 'text',
    left_out: 'text',
  },
  people: [],
  shape: (file: ChangedFile) => ({ ...shapeFile(file) }),
} satisfies List;

interface Moment {
  kind: string;
  at: string;
  actor: IdentityRef | null;
  subject: string;
}

export const timelineMoments = {
  field: 'moments' as const,
  table: 'fact_timeline_moments',
  counted: 'moments_listed',
  columns: { kind: 'text', at: 'timestamptz', actor_id: 'uuid', subject: 'text' },
  people: ['actor_id'],
  shape: ({ kind, at, actor, subject }: Moment, know: (ref: IdentityRef, at: string) => string) => {
    const instant = new Date(at).toISOString();
    return {
      kind,
      at: instant,
      actor_id: actor === null ? null : know(actor, instant),
      subject: cutText(subject, 512),
    };
  },
} satisfies List;
