import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linkIdentities } from './link-identities.ts';
import { linkToOwner, suggestOwnIdentities } from './link-to-owner.ts';
import { listIdentities } from './list-identities.ts';
import { listPeople, showPerson } from './list-people.ts';
import { overrideKind } from './override-kind.ts';
import { renamePerson } from './rename-person.ts';
import { openPeopleWorld } from './testing/people-world.ts';

let world: Awaited<ReturnType<typeof openPeopleWorld>>;
beforeAll(async () => {
  world = await openPeopleWorld();
});
afterAll(() => world.close());

describe('listPeople', () => {
  it('sorts by name whatever case and accents, and pages without losing or repeating anybody', async () => {
    const ws = await world.fresh();
    const names = ['Zoë', 'émile zola', 'Eva', 'EMIL', 'Ángel', 'bob', 'Bob', 'Ødegård', 'Åsa', 'zed', '山田 太郎'];
    await ws.tell(names.map((name, index) => ({ by: `${name} <p${index}@x.example>` })));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listPeople({ ...ws, limit: 2, cursor });
      seen.push(...page.people.map((person) => person.name));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen.toSorted()).toEqual([...names, 'Owner'].toSorted());
    const foreign = new Set(['Ødegård', '山田 太郎']);
    const twins = (name: string): string => (name === 'Bob' ? 'bob' : name);
    expect(seen.filter((name) => !foreign.has(name)).map(twins)).toEqual([
      'Ángel',
      'Åsa',
      'bob',
      'bob',
      'EMIL',
      'émile zola',
      'Eva',
      'Owner',
      'zed',
      'Zoë',
    ]);
  });

  it('refuses a cursor that it did not give out', async () => {
    const ws = await world.fresh();
    for (const cursor of [
      'nonsense',
      Buffer.from('["a"]').toString('base64url'),
      Buffer.from('["a","b"]').toString('base64url'),
    ]) {
      await expect(listPeople({ ...ws, limit: 2, cursor })).rejects.toMatchObject({ code: 'invalid_request' });
    }
  });

  it('finds people by part of a name, an address or a login of any of their identities', async () => {
    const ws = await world.fresh();
    await ws.tell([
      { by: 'José García <jg@one.example>' },
      { by: 'Bob <bob@two.example>' },
      { by: '100% Real_Name <c@three.example>' },
    ]);
    await ws.tell([{ by: { externalId: '7', login: 'garcia-dev' } }], 'github');
    await linkIdentities({
      ...ws,
      identityIds: [ws.id({ externalId: '7' }, 'github')],
      personId: ws.id('x <bob@two.example>'),
      reason: 'x',
      by: null,
    });
    const find = async (search: string): Promise<string[]> =>
      (await listPeople({ ...ws, limit: 10, search })).people.map((person) => person.name);
    expect(await find('jose gar')).toEqual(['José García']);
    expect(await find('ONE.example')).toEqual(['José García']);
    expect(await find('garcia')).toEqual(['Bob', 'José García']);
    expect(await find('0%')).toEqual(['100% Real_Name']);
    expect(await find('l_n')).toEqual(['100% Real_Name']);
    expect(await find('nobody')).toEqual([]);
  });

  it('lists people only: no machine, but a member without identities', async () => {
    const ws = await world.fresh();
    await ws.tell([{ by: 'Ada <ada@x.example>' }, { by: 'builder <builder@x.example>' }]);
    await overrideKind({
      ...ws,
      identityId: ws.id('x <builder@x.example>'),
      kind: 'automation',
      reason: 'a script',
      by: null,
    });
    const { people } = await listPeople({ ...ws, limit: 10 });
    expect(people.map((person) => [person.name, person.role, person.identities.length])).toEqual([
      ['Ada', null, 1],
      ['Owner', 'owner', 0],
    ]);
  });

  it('says when somebody was first and last seen, over all identities', async () => {
    const ws = await world.fresh();
    await ws.tell([
      { by: 'Ada <a@x.example>', at: '2026-03-05T00:00:00Z' },
      { by: 'Ada <b@x.example>', at: '2026-01-05T00:00:00Z' },
    ]);
    await linkToOwner({ ...ws, identityIds: [ws.id('x <a@x.example>'), ws.id('x <b@x.example>')] });
    expect(await showPerson({ ...ws, personId: ws.ownerId })).toMatchObject({
      firstSeenAt: '2026-01-05T00:00:00.000Z',
      lastSeenAt: '2026-03-05T00:00:00.000Z',
    });
  });

  it('shows nobody of another workspace', async () => {
    const [one, two] = [await world.fresh(), await world.fresh()];
    await one.tell([{ by: 'Ada <ada@x.example>' }]);
    expect((await listPeople({ ...two, limit: 10 })).people.map((person) => person.name)).toEqual(['Owner']);
    for (const personId of [one.ownerId, one.id('x <ada@x.example>')]) {
      await expect(showPerson({ ...two, personId })).rejects.toMatchObject({ code: 'not_found' });
      await expect(renamePerson({ ...two, personId, name: 'Mine' })).rejects.toMatchObject({ code: 'not_found' });
    }
  });
});

describe('renamePerson', () => {
  it('keeps the given name when the identity signs with another one later', async () => {
    const ws = await world.fresh();
    await ws.tell([{ by: 'ada <ada@x.example>', at: '2026-01-01T00:00:00Z' }]);
    const personId = ws.id('x <ada@x.example>');
    await renamePerson({ ...ws, personId, name: 'Ada Lovelace' });
    await ws.tell([{ by: 'countess <ada@x.example>', at: '2026-02-01T00:00:00Z' }]);
    expect(await showPerson({ ...ws, personId })).toMatchObject({ name: 'Ada Lovelace' });
  });
});

describe('listIdentities', () => {
  it('filters by kind, by link and by text, and pages', async () => {
    const ws = await world.fresh();
    await ws.tell([{ by: 'Ada <ada@x.example>' }, { by: 'Bob <bob@x.example>' }, { by: 'Cy <cy@y.example>' }]);
    await linkToOwner({ ...ws, identityIds: [ws.id('x <ada@x.example>')] });
    await overrideKind({ ...ws, identityId: ws.id('x <cy@y.example>'), kind: 'agent', reason: 'is one', by: null });
    const names = async (query: object): Promise<(string | null)[]> =>
      (await listIdentities({ ...ws, limit: 10, ...query })).identities.map((identity) => identity.name);
    expect(await names({})).toEqual(['Ada', 'Bob', 'Cy']);
    expect(await names({ kind: 'person' })).toEqual(['Ada', 'Bob']);
    expect(await names({ kind: 'agent' })).toEqual(['Cy']);
    expect(await names({ linked: true })).toEqual(['Ada']);
    expect(await names({ linked: false, kind: 'person' })).toEqual(['Bob']);
    expect(await names({ search: 'Y.EX' })).toEqual(['Cy']);
    const first = await listIdentities({ ...ws, limit: 2 });
    const second = await listIdentities({ ...ws, limit: 2, cursor: first.nextCursor ?? undefined });
    expect([...first.identities, ...second.identities].map((identity) => identity.name)).toEqual(['Ada', 'Bob', 'Cy']);
    expect(second.nextCursor).toBeNull();
  });
});

describe('suggestOwnIdentities', () => {
  it('names the same e-mail first, then the same name, and nobody who is linked or a machine', async () => {
    const ws = await world.fresh();
    await ws.tell([
      { by: 'Somebody <ada@x.example>' },
      { by: 'Ada Lovelace <ada@work.example>' },
      { by: 'ADA LOVELACE <ada@old.example>' },
      { by: 'Ada Lovelace <robot@work.example>' },
      { by: 'Bob <bob@x.example>' },
    ]);
    await overrideKind({
      ...ws,
      identityId: ws.id('x <robot@work.example>'),
      kind: 'automation',
      reason: 'a script',
      by: null,
    });
    const ask = () => suggestOwnIdentities({ ...ws, email: 'Ada@X.example', name: 'Ada Lovelace' });
    const found = await ask();
    expect(found.map(({ identity }) => identity.email)).toHaveLength(3);
    expect(found[0]).toMatchObject({ identity: { email: 'ada@x.example' }, why: expect.stringContaining('e-mail') });
    expect(new Set(found.slice(1).map(({ identity }) => identity.email))).toEqual(
      new Set(['ada@old.example', 'ada@work.example']),
    );
    await linkToOwner({ ...ws, identityIds: found.map(({ identity }) => identity.id) });
    expect(await ask()).toEqual([]);
  });

  it('suggests nobody when git says nothing of its user', async () => {
    const ws = await world.fresh();
    await ws.tell([{ by: { name: 'x', email: '' } }, { by: 'Bob <bob@x.example>' }]);
    expect(await suggestOwnIdentities({ ...ws, email: null, name: null })).toEqual([]);
    expect(await suggestOwnIdentities({ ...ws, email: '', name: ' ' })).toEqual([]);
  });
});
