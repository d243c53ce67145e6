import { createHash } from 'node:crypto';
import type { RawEventInput } from '@devpulse/contract/raw-event';
import { recordMarker } from './commit-record.ts';

export interface RepositoryDescription {
  repository: string;
  path: string;
  name: string;
  url: string | null;
  defaultBranch: string | null;
}

/** The record as git printed it; what is known of its files is part of the key, so that a better reading is a new event. */
export function buildCommitEvent(repository: string, record: Buffer): RawEventInput {
  const filesStart = recordMarker.length + 1;
  const filesEnd = record.indexOf(0, filesStart);
  const files = record.toString('latin1', filesStart, filesEnd);
  const sha = record.toString('latin1', filesEnd + 1, record.indexOf(0, filesEnd + 1));
  const suffix = files === 'complete' ? '' : `#${files}`;
  return { source: 'git', key: `${repository}#commit#${sha}${suffix}`, kind: 'commit', body: record, arrival: 'pull' };
}

export interface ReachChunk {
  repository: string;
  snapshot: number;
  reachable: boolean;
  shas: string[];
}

/** The fingerprint in the key covers the whole body: the same key can never stand for something else. */
export function buildReachEvent(chunk: ReachChunk, number: number): RawEventInput {
  const body = toBytes(chunk);
  const { repository, snapshot, reachable } = chunk;
  const key = `${repository}#reach#${snapshot}.${fingerprint(body)}#${reachable ? '+' : '-'}#${number}`;
  return { source: 'git', key, kind: 'reach', body, arrival: 'pull' };
}

export function buildBaselineEvent(repository: string, snapshot: number): RawEventInput {
  const body = toBytes({ repository, snapshot });
  const key = `${repository}#reach-baseline#${snapshot}`;
  return { source: 'git', key, kind: 'reach-baseline', body, arrival: 'pull' };
}

export function buildRepositoryEvent(description: RepositoryDescription, observedAt: Date): RawEventInput {
  const body = toBytes({ ...description, observedAt: observedAt.toISOString() });
  const key = `${description.repository}#repository#${fingerprint(body)}`;
  return { source: 'git', key, kind: 'repository', body, arrival: 'pull' };
}

/** Tells whether a description is the one captured last. */
export function fingerprintDescription(description: RepositoryDescription): string {
  return fingerprint(toBytes(description));
}

function toBytes(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value), 'utf8');
}

function fingerprint(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 24);
}
