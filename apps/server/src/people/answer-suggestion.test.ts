import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { confirmSuggestion, declineSuggestion } from './answer-suggestion.ts';
import { linkIdentities } from './link-identities.ts';
import { linkToOwner } from './link-to-owner.ts';
import { listLinkDecisions } from './list-link-decisions.ts';
import { readSuggestions } from './read-suggestions.ts';
import { renamePerson } from './rename-person.ts';
import { openPeopleWorld, type TestWorkspace } from './testing/people-world.ts';

const home = 'Ada Lovelace <ada@home.example>';
const work = 'Ada Lovelace <countess@work.example>';
const byron = 'Ada Byron <byron@home.example>';

let world: Awaited<ReturnType<typeof openPeopleWorld>>;
let ws: TestWorkspace;
beforeAll(async () => {
  world = await openPeopleWorld();
});
afterAll(() => world.close());

async function start(): Promise<void> {
  ws = await world.fresh();
  await ws.tell([
    { by: home, at: '2026-03-02T12:00:00Z' },
    { by: work, at: '2026-03-01T12:00:00Z' },
    { by: byron, at: '2026-03-03T12:00:00Z' },
  ]);
  await ws.count();
}

const suggestions = async () => (await readSuggestions({ ...ws, atLeast: 0, limit: 50 })).suggestions;
const answer = (a: string, b: string) => ({
  ...ws,
  identityIds: [ws.id(a), ws.id(b)] as [string, string],
  by: ws.ownerId,
});

describe('confirmSuggestion', () => {
  it('joins nobody by itself, and both persons with all their identities when it is confirmed', async () => {
    await start();
    await linkIdentities({
      ...ws,
      identityIds: [ws.id(byron)],
      personId: ws.id(home),
      reason: 'maiden name',
      by: null,
    });
    expect(await suggestions()).toMatchObject([
      {
        reasons: [{ signal: 'name', words: 'the same full name, “Ada Lovelace”' }],
        people: [{ name: 'Ada Lovelace' }, { name: 'Ada Lovelace' }],
      },
    ]);
    expect(Object.keys(await ws.count())).toHaveLength(2);
    const outcome = await confirmSuggestion(answer(home, work));
    // The one who was seen first stays.
    expect(await ws.count()).toEqual({ [ws.id(work)]: { '2026-03-01': 1, '2026-03-02': 1, '2026-03-03': 1 } });
    expect(outcome.moved).toHaveLength(2);
    expect(await suggestions()).toEqual([]);
    const { decisions } = await listLinkDecisions({ ...ws, limit: 1 });
    expect(decisions[0]?.reason).toBe('suggested: the same full name, “Ada Lovelace”');
  });

  it('keeps the member, and else the person with settings, whoever was seen first', async () => {
    await start();
    await linkToOwner({ ...ws, identityIds: [ws.id(home)] });
    expect((await confirmSuggestion(answer(work, home))).moved).toEqual([
      { identityId: ws.id(work), fromPersonId: ws.id(work), toPersonId: ws.ownerId },
    ]);
    await start();
    await renamePerson({ ...ws, personId: ws.id(home), name: 'Ada L.' });
    expect((await confirmSuggestion(answer(work, home))).moved).toMatchObject([
      { identityId: ws.id(work), toPersonId: ws.id(home) },
    ]);
  });

  it('refuses what is not suggested, or not any more', async () => {
    await start();
    await expect(confirmSuggestion(answer(home, byron))).rejects.toMatchObject({ code: 'conflict' });
    await expect(confirmSuggestion(answer(home, home))).rejects.toMatchObject({ code: 'conflict' });
    await confirmSuggestion(answer(home, work));
    await expect(confirmSuggestion(answer(home, work))).rejects.toMatchObject({ code: 'conflict' });
    const other = await world.fresh();
    await expect(confirmSuggestion({ ...answer(home, work), ...other, by: null })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('declineSuggestion', () => {
  it('makes a suggestion go away for good, in any order of the two and however often it is said', async () => {
    await start();
    await declineSuggestion(answer(work, home));
    await declineSuggestion(answer(home, work));
    expect(await suggestions()).toEqual([]);
    await ws.tell([{ by: 'Ada Lovelace <third@else.example>' }]);
    // The third one may still be either of them.
    expect((await suggestions()).flatMap(({ identities }) => identities.map(({ email }) => email))).toContain(
      'third@else.example',
    );
    await linkIdentities({
      ...ws,
      identityIds: [ws.id('x <third@else.example>')],
      personId: ws.id(home),
      reason: 'x',
      by: null,
    });
    expect(await suggestions()).toEqual([]);
  });

  it('refuses an identity with itself, and one that is not there', async () => {
    await start();
    await expect(declineSuggestion(answer(home, home))).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(
      declineSuggestion({ ...answer(home, home), identityIds: [ws.id(home), ws.ownerId] }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('readSuggestions', () => {
  it('cuts off below the confidence asked for and says how many there are', async () => {
    await start();
    await ws.tell([{ by: { email: 'ada@home.example', login: 'ada' } }], 'gitlab');
    const all = await readSuggestions({ ...ws, atLeast: 0, limit: 1 });
    expect(all.total).toBe(2);
    expect(all.suggestions).toMatchObject([{ reasons: [{ signal: 'email' }] }]);
    expect(await readSuggestions({ ...ws, atLeast: 0.9, limit: 50 })).toMatchObject({ total: 1 });
  });
});
