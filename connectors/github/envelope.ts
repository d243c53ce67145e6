import { createHash } from 'node:crypto';
import { MalformedEvent } from '@devpulse/contract/drop-reasons';
import type { Fact } from '@devpulse/contract/facts';
import type { RawEventInput } from '@devpulse/contract/raw-event';
import { z } from 'zod';
import { endOfSecond } from './order-in-second.ts';
import { submodulePatch } from './read-commits.ts';
import { id, instant, readShape, title } from './read-shape.ts';
import type { Shape } from './shape-parts.ts';
import { type ExtraOf, findShape, type ShapeName } from './shapes.ts';
import { repositoryKey } from './told.ts';

/** What is stored of an answer: the answer with whence and when it came, and what it does not say itself. */
const envelope = z.looseObject({
  host: z.string().regex(/^[a-z0-9.:[\]-]{1,253}$/, 'a host name in small letters'),
  /** `null` for what belongs to no repository. */
  repository: z.object({ id, full_name: title }).nullable(),
  /** The clock of the answer, from its `Date` header. */
  at: instant,
  data: z.unknown(),
});

/** Whence and when an answer came. */
export interface AnsweredBy {
  host: string;
  repository: { id: number; fullName: string } | null;
  /** The clock of the answer, see `SourceAnswer.at`. */
  at: Date;
}

/**
 * An answer of the API as a raw event. Its key is made of what it is about, its version and a fingerprint of what it *tells*:
 * reading again what tells the same is the same event, however much else in the answer has moved.
 */
export function buildEnvelope<Name extends ShapeName>(
  name: Name,
  by: AnsweredBy,
  data: unknown,
  extra: ExtraOf<Name>,
): RawEventInput {
  const shape = findShape(name);
  if (shape === undefined) throw new Error(`"${name}" is no shape`);
  const kept = takeOutSource(data);
  const at = by.at.toISOString();
  const header = {
    host: by.host,
    repository: by.repository === null ? null : { id: by.repository.id, full_name: by.repository.fullName },
    at,
  };
  const body = { ...header, ...(extra as object), data: kept };
  const known = readShape(shape.extra, extra, name);
  const about = by.repository === null ? by.host : repositoryKey(by.host, by.repository.id);
  const version = shape.version(kept, known, at);
  const told = fingerprint(tell(shape, body));
  return {
    source: 'github',
    key: [about, name, shape.id(kept, known), version === '' ? told : `${version}.${told}`].join('#'),
    kind: `api.${name}`,
    body: Buffer.from(JSON.stringify(body), 'utf8'),
    arrival: 'pull',
  };
}

/** The facts of an envelope, and `null` for a shape that is not known. */
export function readEnvelope(name: string, value: unknown): Fact[] | null {
  const shape = findShape(name);
  return shape === undefined ? null : tellFacts(shape, value);
}

function tellFacts(shape: Shape, value: unknown): Fact[] {
  const found = readShape(envelope, value, 'the body');
  const extra = readShape(shape.extra, value, 'the body');
  const repository = found.repository === null ? found.host : repositoryKey(found.host, found.repository.id);
  return shape.read({ host: found.host, repository, at: endOfSecond(found.at), order: 0 }, found.data, extra);
}

const anyTime = '1970-01-01T00:00:00.000Z';

/** What it tells, whenever it is read; the answer itself where it tells nothing that can be understood. */
function tell(shape: Shape, body: Record<string, unknown>): unknown {
  try {
    return tellFacts(shape, { ...body, at: anyTime });
  } catch (error) {
    if (error instanceof MalformedEvent) return body['data'];
    throw error;
  }
}

function fingerprint(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 24);
}

/**
 * Takes out what must not be stored: the source code that GitHub shows beside changed files and beside comments on them (that
 * there was some stays, as an empty text), and the token that it adds to private repositories.
 */
function takeOutSource(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(withoutSource);
  if (!isRecord(data)) return data;
  const { temp_clone_token: _token, ...kept } = data;
  return Array.isArray(kept['files']) ? { ...kept, files: kept['files'].map(withoutSource) } : kept;
}

function withoutSource(item: unknown): unknown {
  if (!isRecord(item)) return item;
  const { patch, diff_hunk: hunk } = item;
  const hasPatch = typeof patch === 'string' && !submodulePatch.test(patch);
  if (!hasPatch && typeof hunk !== 'string') return item;
  return { ...item, ...(hasPatch ? { patch: '' } : {}), ...(typeof hunk === 'string' ? { diff_hunk: '' } : {}) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
