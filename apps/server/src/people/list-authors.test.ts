import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Connector, SourceUnreadable } from '@devpulse/contract/connector';
import type { AuthorList } from '@devpulse/contract/wire/sources';
import { addSource } from '../sources/add-source.ts';
import { listAuthors } from './list-authors.ts';
import { type Client, openPeopleApp } from './testing/people-app.ts';

let people: Awaited<ReturnType<typeof openPeopleApp>>;
let client: Client;

const ada = 'Ada <ada@example.org>';
const adaAtHome = 'Ada <ada@home.example>';
const bob = 'Bob <bob@example.org>';
const robot = 'Renovate <renovate@example.org>';

beforeAll(async () => {
  people = await openPeopleApp('2026-03-10T12:00:00Z');
});
afterAll(() => people.close());

async function list(query = ''): Promise<AuthorList> {
  const { status, body } = await client.ask('GET', `/api/v1/me/authors${query}`);
  expect(status).toBe(200);
  return body as AuthorList;
}

const counts = (answer: AuthorList): unknown[] =>
  answer.authors.map((author) => [author.email, author.commits, author.mine]);

describe('GET /api/v1/me/authors', () => {
  it('counts for each author the commits it wrote, by name, and leaves machines and co-authors out', async () => {
    client = await people.client();
    await client.tell([{ by: bob }, { by: ada, with: [bob] }, { by: ada }, { by: adaAtHome }, { by: robot }]);
    await client.tell([{ by: ada }], 'another');
    const decided = { kind: 'automation', reason: 'it is a machine' };
    expect((await client.ask('PUT', `/api/v1/identities/${client.id(robot)}/kind`, decided)).status).toBe(200);
    const answer = await list();
    expect(counts(answer)).toEqual(
      expect.arrayContaining([
        ['ada@example.org', 2, false],
        ['bob@example.org', 1, false],
        ['ada@home.example', 1, false],
      ]),
    );
    expect(answer.authors.map(({ name }) => name)).toEqual(['Ada', 'Ada', 'Ada', 'Bob']);
    expect(answer.authors).toHaveLength(4);
    expect(answer).toMatchObject({ suggested: [], truncated: false });
  });

  it('finds by parts of name and address, whatever the case', async () => {
    expect(counts(await list('?search=HOME'))).toEqual([['ada@home.example', 1, false]]);
    expect((await list('?search=nobody')).authors).toEqual([]);
  });

  it('shows as mine what was said to be me', async () => {
    const { status } = await client.ask('POST', `/api/v1/people/${client.ownerId}/identities`, {
      identityIds: [client.id(ada), client.id(adaAtHome)],
      reason: 'that is me',
    });
    expect(status).toBe(200);
    expect((await list('?search=home')).authors[0]).toMatchObject({ mine: true });
    expect(counts(await list('?search=bob'))).toEqual([['bob@example.org', 1, false]]);
    const counted = await client.count();
    expect(counted[client.ownerId]).toEqual({ '2026-03-02': 3 });
  });

  it('tells somebody who may not see everybody how much they did themselves, and of others only who they are', async () => {
    const { store, workspaceId, ownerId } = client;
    const answer = await listAuthors({
      store,
      workspaceId,
      personId: ownerId,
      connectors: new Map(),
      seesEverybody: false,
    });
    expect(counts(answer)).toEqual(
      expect.arrayContaining([
        ['ada@example.org', 2, true],
        ['bob@example.org', null, false],
      ]),
    );
  });

  it('is for whoever may say who is who, in the own workspace', async () => {
    expect((await client.askWith(['read'], 'GET', '/api/v1/me/authors')).status).toBe(403);
    expect((await client.askWith(null, 'GET', '/api/v1/me/authors')).status).toBe(401);
    expect((await client.ask('GET', '/api/v1/me/authors?search=')).status).toBe(400);
    const stranger = await people.client();
    expect((await stranger.ask('GET', '/api/v1/me/authors')).body).toEqual({
      suggested: [],
      authors: [],
      truncated: false,
    });
  });
});

describe('listAuthors', () => {
  const settings = z.object({ email: z.string().nullable(), name: z.string() });
  const connector: Connector = {
    id: 'told',
    title: 'Told',
    summary: '',
    settings,
    kinds: [],
    suggestSelf: async (wish) => {
      const self = settings.parse(wish);
      if (self.email === null) throw new SourceUnreadable('vanished', 'gone', { retry: true });
      return { email: self.email, name: self.name };
    },
    parse: () => ({ facts: [] }),
  };

  it('suggests whom the sources believe to be at the keyboard, and lives with sources that are gone', async () => {
    const here = await people.client();
    await here.tell([{ by: bob }, { by: ada }, { by: adaAtHome }, { by: 'Eve <eve@example.org>' }]);
    for (const [index, self] of [
      { email: 'ada@example.org', name: 'Ada' },
      { email: null, name: 'x' },
      { email: 'ada@example.org', name: 'Ada' },
    ].entries()) {
      const found = { naturalKey: `n${index}`, name: 'x', settings: self };
      await addSource(here.store, here.workspaceId, 'told', found);
    }
    const { store, workspaceId, ownerId: personId } = here;
    const answer = await listAuthors({ store, workspaceId, personId, connectors: new Map([['told', connector]]) });
    expect(answer.suggested).toEqual([
      { identityId: here.id(ada), why: 'the same e-mail address, ada@example.org' },
      { identityId: here.id(adaAtHome), why: 'the same name, Ada' },
    ]);
  });
});
