import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linkIdentities } from './link-identities.ts';
import { listLinkDecisions } from './list-link-decisions.ts';
import { listPeople, showPerson } from './list-people.ts';
import { overrideKind } from './override-kind.ts';
import { renamePerson } from './rename-person.ts';
import { openPeopleWorld, type TestWorkspace } from './testing/people-world.ts';
import { undoLink } from './undo-link.ts';
import { unlinkIdentity, unmergePerson } from './unlink-identity.ts';

const home = 'Ada Lovelace <ada@home.example>';
const work = 'Ada Lovelace <ada@work.example>';
const old = 'A. Lovelace <ada@old.example>';
const bob = 'Bob Barker <bob@work.example>';

let world: Awaited<ReturnType<typeof openPeopleWorld>>;
let ws: TestWorkspace;

beforeAll(async () => {
  world = await openPeopleWorld();
});
afterAll(() => world.close());

async function start(): Promise<void> {
  ws = await world.fresh();
  await ws.tell([
    { by: home, at: '2026-03-01T12:00:00Z' },
    { by: work, at: '2026-03-02T12:00:00Z' },
    { by: old, at: '2026-03-03T12:00:00Z' },
    { by: bob, at: '2026-03-04T12:00:00Z' },
  ]);
  await ws.count();
}

function link(identities: string[], person: string, reason = 'said so') {
  return linkIdentities({
    ...ws,
    identityIds: identities.map((who) => ws.id(who)),
    personId: person,
    reason,
    by: ws.ownerId,
  });
}

/** Who stands for whom, by names that tests use. */
async function groups(): Promise<string[][]> {
  const { people } = await listPeople({ ...ws, limit: 200 });
  return people
    .map((person) => person.identities.map((identity) => identity.email ?? '').toSorted())
    .filter((emails) => emails.length > 0)
    .toSorted((a, b) => a.join().localeCompare(b.join()));
}

describe('linkIdentities', () => {
  it('moves the numbers of an identity to the person, at once', async () => {
    await start();
    expect(await ws.count()).toMatchObject({ [ws.id(home)]: { '2026-03-01': 1 }, [ws.id(work)]: { '2026-03-02': 1 } });
    const outcome = await link([work], ws.id(home));
    expect(outcome.moved).toEqual([{ identityId: ws.id(work), fromPersonId: ws.id(work), toPersonId: ws.id(home) }]);
    const counts = await ws.count();
    expect(counts[ws.id(home)]).toEqual({ '2026-03-01': 1, '2026-03-02': 1 });
    expect(counts[ws.id(work)]).toBeUndefined();
  });

  it('links to the person whom the named identity stands for', async () => {
    await start();
    await link([work], ws.ownerId);
    await link([home], ws.id(work));
    expect(await groups()).toEqual([
      ['ada@home.example', 'ada@work.example'],
      ['ada@old.example'],
      ['bob@work.example'],
    ]);
    expect((await ws.count())[ws.ownerId]).toEqual({ '2026-03-01': 1, '2026-03-02': 1 });
  });

  it('does nothing, and logs nothing, when everybody is there already', async () => {
    await start();
    await link([work], ws.id(home));
    expect(await ws.staleDays()).toBeGreaterThan(0);
    await ws.count();
    expect(await link([work, home], ws.id(home))).toEqual({ batchId: null, moved: [] });
    expect((await listLinkDecisions({ ...ws, limit: 10 })).decisions).toHaveLength(1);
    expect(await ws.staleDays()).toBe(0);
  });

  it('moves all or none: an unknown identity, an unknown person and a machine are refused', async () => {
    await start();
    const nobody = '00000000-0000-8000-8000-000000000000';
    const ask = { ...ws, reason: 'x', by: null };
    await expect(
      linkIdentities({ ...ask, identityIds: [ws.id(work), nobody], personId: ws.id(home) }),
    ).rejects.toMatchObject({ code: 'not_found' });
    await expect(linkIdentities({ ...ask, identityIds: [ws.id(work)], personId: nobody })).rejects.toMatchObject({
      code: 'not_found',
    });
    await overrideKind({ ...ws, identityId: ws.id(bob), kind: 'automation', reason: 'a script', by: null });
    await expect(link([work, bob], ws.id(home))).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('Bob Barker'),
    });
    await expect(link([work], ws.id(bob))).rejects.toMatchObject({ code: 'not_found' });
    expect(await groups()).toEqual([['ada@home.example'], ['ada@old.example'], ['ada@work.example']]);
  });

  it('keeps those together whom the identity they were known by leaves', async () => {
    await start();
    await link([work, old], ws.id(home));
    const outcome = await link([home], ws.id(bob));
    expect(await groups()).toEqual([
      ['ada@home.example', 'bob@work.example'],
      ['ada@old.example', 'ada@work.example'],
    ]);
    expect(outcome.moved).toHaveLength(3);
    await undoLink({ ...ws, batchId: outcome.batchId ?? '', by: null });
    expect(await groups()).toEqual([['ada@home.example', 'ada@old.example', 'ada@work.example'], ['bob@work.example']]);
  });

  it('keeps a named person when the identity it began with leaves, and knows it by its old address', async () => {
    await start();
    await link([work], ws.id(home));
    await renamePerson({ ...ws, personId: ws.id(work), name: 'The Countess' });
    await link([home], ws.id(bob));
    const person = await showPerson({ ...ws, personId: ws.id(work) });
    expect(person).toMatchObject({ id: ws.id(home), name: 'The Countess' });
    expect(person.identities.map((identity) => identity.email)).toEqual(['ada@work.example']);
  });

  it('hides a named person that was merged away, and answers its address with the one it is now', async () => {
    await start();
    await renamePerson({ ...ws, personId: ws.id(work), name: 'Work Ada' });
    await link([work], ws.id(home));
    const { people } = await listPeople({ ...ws, limit: 200 });
    expect(people.map((person) => person.name)).not.toContain('Work Ada');
    expect(await showPerson({ ...ws, personId: ws.id(work) })).toMatchObject({ id: ws.id(home), name: 'Ada Lovelace' });
  });

  it('lets two people decide at once without losing either decision', async () => {
    await start();
    await Promise.all([link([work], ws.id(home)), link([home], ws.id(bob)), link([old], ws.id(work))]);
    const all = (await groups()).flat();
    expect(all.toSorted()).toEqual(['ada@home.example', 'ada@old.example', 'ada@work.example', 'bob@work.example']);
    const counts = await ws.count();
    expect(
      Object.values(counts)
        .flatMap((days) => Object.values(days))
        .reduce((sum, n) => sum + n, 0),
    ).toBe(4);
  });
});

describe('unlinkIdentity', () => {
  it('makes a linked identity a person of its own', async () => {
    await start();
    await link([work, old], ws.id(home));
    await unlinkIdentity({ ...ws, identityId: ws.id(work), reason: 'was wrong', by: ws.ownerId });
    expect(await groups()).toEqual([
      ['ada@home.example', 'ada@old.example'],
      ['ada@work.example'],
      ['bob@work.example'],
    ]);
    expect((await ws.count())[ws.id(work)]).toEqual({ '2026-03-02': 1 });
  });

  it('takes out the identity that the others were linked to, and leaves those together', async () => {
    await start();
    await link([work, old], ws.id(home));
    await unlinkIdentity({ ...ws, identityId: ws.id(home), reason: 'was wrong', by: null });
    expect(await groups()).toEqual([
      ['ada@home.example'],
      ['ada@old.example', 'ada@work.example'],
      ['bob@work.example'],
    ]);
    expect((await ws.count())[ws.id(home)]).toEqual({ '2026-03-01': 1 });
  });

  it('refuses to send an identity back to a person that others stand for', async () => {
    await start();
    await link([work], ws.id(home));
    await renamePerson({ ...ws, personId: ws.id(home), name: 'The Countess' });
    await link([home], ws.id(bob));
    await expect(unlinkIdentity({ ...ws, identityId: ws.id(home), reason: 'x', by: null })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('ada@work.example'),
    });
  });

  it('does nothing to an identity that is alone', async () => {
    await start();
    expect(await unlinkIdentity({ ...ws, identityId: ws.id(bob), reason: 'x', by: null })).toEqual({
      batchId: null,
      moved: [],
    });
  });
});

describe('unmergePerson', () => {
  it('takes a person apart in one act that can be undone', async () => {
    await start();
    await link([home, work, old], ws.ownerId);
    expect((await ws.count())[ws.ownerId]).toEqual({ '2026-03-01': 1, '2026-03-02': 1, '2026-03-03': 1 });
    const outcome = await unmergePerson({ ...ws, personId: ws.ownerId, reason: 'a mess', by: ws.ownerId });
    expect(outcome.moved).toHaveLength(3);
    expect(await groups()).toEqual([
      ['ada@home.example'],
      ['ada@old.example'],
      ['ada@work.example'],
      ['bob@work.example'],
    ]);
    expect((await ws.count())[ws.ownerId]).toBeUndefined();
    await undoLink({ ...ws, batchId: outcome.batchId ?? '', by: null });
    expect((await ws.count())[ws.ownerId]).toEqual({ '2026-03-01': 1, '2026-03-02': 1, '2026-03-03': 1 });
  });
});

describe('undoLink', () => {
  it('brings everything back, numbers included, and says so in the log', async () => {
    await start();
    const before = await ws.count();
    const outcome = await link([work, old], ws.id(home), 'looked alike');
    expect(await ws.count()).not.toEqual(before);
    await undoLink({ ...ws, batchId: outcome.batchId ?? '', by: ws.ownerId });
    expect(await ws.count()).toEqual(before);
    const { decisions } = await listLinkDecisions({ ...ws, limit: 10 });
    expect(decisions).toMatchObject([{ batchId: outcome.batchId, reason: 'looked alike', decidedBy: ws.ownerId }]);
    expect(decisions[0]?.undoneAt).not.toBeNull();
    expect(decisions[0]?.moves).toHaveLength(2);
  });

  it('refuses when an identity was moved again since, and names it', async () => {
    await start();
    const first = await link([work], ws.id(home));
    const second = await link([work], ws.id(bob));
    const undo = (batchId: string | null) => undoLink({ ...ws, batchId: batchId ?? '', by: null });
    await expect(undo(first.batchId)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('ada@work.example'),
    });
    await undo(second.batchId);
    await undo(first.batchId);
    expect((await groups()).every((emails) => emails.length === 1)).toBe(true);
    await expect(undo(first.batchId)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('already'),
    });
  });

  it('refuses to send somebody back to a person that is somebody else by now, and names it', async () => {
    await start();
    await link([work], ws.id(home));
    const away = await link([work], ws.id(bob));
    await link([home], ws.id(old));
    await expect(undoLink({ ...ws, batchId: away.batchId ?? '', by: null })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('ada@home.example'),
    });
  });

  it('knows nothing of decisions in another workspace', async () => {
    await start();
    const outcome = await link([work], ws.id(home));
    const other = await world.fresh();
    await expect(undoLink({ ...other, batchId: outcome.batchId ?? '', by: null })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('listLinkDecisions', () => {
  it('pages through the log, newest first, each decision once', async () => {
    await start();
    for (const [index, who] of [home, work, old, bob].entries()) await link([who], ws.ownerId, `number ${index}`);
    const reasons: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listLinkDecisions({ ...ws, limit: 3, cursor });
      reasons.push(...page.decisions.map((decision) => decision.reason));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(reasons).toEqual(['number 3', 'number 2', 'number 1', 'number 0']);
  });
});
