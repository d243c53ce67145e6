import { type PullContext, SourceUnreadable } from '@devpulse/contract/connector';
import type { SourceAnswer, SourceClient } from '@devpulse/contract/source-client';
import type { RawEventInput } from '@devpulse/contract/raw-event';
import { z } from 'zod';
import { type Cursor, readCursor } from './cursor.ts';
import { buildEnvelope } from './envelope.ts';
import type { GithubSettings } from './settings.ts';
import type { ExtraOf, ShapeName } from './shapes.ts';

/** One look at one repository. */
export interface Look {
  settings: GithubSettings;
  context: PullContext;
  /** Changed as it goes; `save` keeps it. */
  cursor: Cursor;
  /** Asks for what just happened, or for whoever waits. */
  live: SourceClient;
  /** Asks for the past. */
  history: SourceClient;
  /** Owner and name as they are today. */
  name: string;
  /** The default branch. */
  main: string | null;
  /** GitHub's clock. */
  now(): Date;
  heard(answer: Pick<SourceAnswer, 'at'>): void;
}

export function openLook(settings: GithubSettings, context: PullContext): Look {
  const { client } = context;
  if (client === undefined) throw new SourceUnreadable('denied', 'No connection reads it.', { retry: false });
  let ahead = 0;
  const cursor = readCursor(context.cursor);
  return {
    settings,
    context,
    cursor,
    live: client,
    history: context.history ?? client,
    name: cursor.name ?? settings.fullName,
    main: null,
    now: () => new Date(context.now().getTime() + ahead),
    heard: ({ at }) => {
      ahead = at.getTime() - context.now().getTime();
    },
  };
}

export async function saveCursor({ context, cursor }: Look): Promise<void> {
  await context.saveCursor(cursor);
}

/** An answer as an event of now. */
export function toEvent<Name extends ShapeName>(
  look: Look,
  shape: Name,
  data: unknown,
  extra: ExtraOf<Name>,
): RawEventInput {
  const { host, id } = look.settings;
  return buildEnvelope(shape, { host, repository: { id, fullName: look.name }, at: look.now() }, data, extra);
}

/** The look as of the clock of an answer. */
export function heardAt(look: Look, at: Date): Look {
  return { ...look, now: () => at };
}

const eventsMax = 500;

export async function keep(look: Look, events: RawEventInput[]): Promise<void> {
  for (let from = 0; from < events.length; from += eventsMax) {
    look.context.signal.throwIfAborted();
    await look.context.capture(events.slice(from, from + eventsMax));
  }
}

/** An address below the repository, by its number: names change. */
export function under({ settings }: Look, path: string): string {
  return `/repositories/${settings.id}${path}`;
}

/** What these mean below a repository: it is switched off, or not ours to see. */
const notThere = [403, 404, 409, 410, 451] as const;

/** Asks for something below the repository that may be missing by right; `null` where it is not there. */
export async function getOptional(
  look: Look,
  client: SourceClient,
  path: string,
  options: Parameters<SourceClient['get']>[1] = {},
): Promise<SourceAnswer | null> {
  const answer = await client.get(under(look, path), { ...options, allow: notThere });
  look.heard(answer);
  return answer.status >= 400 ? null : answer;
}

/** All pages of a list; `null` where it is not there. */
export async function getAll(
  look: Look,
  client: SourceClient,
  path: string,
  pagesMax = 100,
): Promise<ListAnswer | null> {
  let answer = await getOptional(look, client, path);
  if (answer === null) return null;
  const items = readItems(answer.json);
  for (let pages = 1; answer.next !== null && pages < pagesMax; pages += 1) {
    answer = await client.get(answer.next);
    items.push(...readItems(answer.json));
  }
  return { items, at: answer.at, isWhole: answer.next === null };
}

interface ListAnswer {
  items: Item[];
  at: Date;
  isWhole: boolean;
}

const item = z.looseObject({});
export type Item = z.infer<typeof item>;

export function readItems(json: unknown): Item[] {
  return z.array(item).parse(json);
}

/** A question of GraphQL about the repository, with its variables. */
interface Question {
  question: string;
  [variable: string]: unknown;
}

/** Asks a question of GraphQL and reads the answer. */
export async function ask<Shape extends z.ZodType>(
  look: Look,
  client: SourceClient,
  { question, ...variables }: Question,
  shape: Shape,
): Promise<z.output<Shape>> {
  const [owner, name] = look.name.split('/');
  const data = await client.graphql(question, { owner, name, ...variables });
  return shape.parse(z.object({ repository: z.unknown() }).parse(data).repository);
}

export const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() });

/** A text of the answer that sorts by time, as GitHub writes instants. */
export function oldestOf(items: readonly Item[], field: string): string | null {
  const instants = items.flatMap((one) => (typeof one[field] === 'string' ? [one[field]] : []));
  return instants.reduce<string | null>((oldest, at) => (oldest === null || at < oldest ? at : oldest), null);
}

/** The same instant, earlier, as GitHub writes it. */
export function before(at: string | Date, ms: number): string {
  return `${new Date(new Date(at).getTime() - ms).toISOString().slice(0, 19)}Z`;
}

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
