import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addPerson } from '../viewers/testing/people-in-roles.ts';
import { type Client, openPeopleApp } from './testing/people-app.ts';

const now = '2026-03-10T12:00:00Z';
const bob = 'Bob <bob@secret.example>';

let people: Awaited<ReturnType<typeof openPeopleApp>>;
let owner: Client;

beforeAll(async () => {
  people = await openPeopleApp(now);
  owner = await people.client();
  await owner.tell([{ by: bob, at: '2026-03-09T12:00:00Z' }]);
});
afterAll(() => people.close());

async function askAs(role: 'manager' | 'member', url: string) {
  const personId = await addPerson(owner, `Somebody who is ${role}`, role);
  return owner.askAs(personId, 'GET', url);
}

describe('what people left behind', () => {
  it('is seen by whoever says who is who', async () => {
    for (const answer of [
      await owner.ask('GET', '/api/v1/people?search=secret'),
      await askAs('manager', '/api/v1/people?search=secret'),
    ])
      expect(answer).toMatchObject({
        status: 200,
        body: {
          people: [
            { name: 'Bob', lastSeenAt: '2026-03-09T12:00:00.000Z', identities: [{ email: 'bob@secret.example' }] },
          ],
        },
      });
  });

  it('is not seen by other members, nor found by asking for it', async () => {
    expect((await askAs('member', '/api/v1/people?search=secret')).body.people).toEqual([]);
    const hidden = { name: 'Bob', identities: [], firstSeenAt: null, lastSeenAt: null };
    expect(await askAs('member', '/api/v1/people?search=bob')).toMatchObject({ body: { people: [hidden] } });
    expect(await askAs('member', `/api/v1/people/${owner.id(bob)}`)).toMatchObject({ body: hidden });
    for (const url of ['/identities', '/merge-suggestions', '/link-decisions'])
      expect((await askAs('member', `/api/v1${url}`)).status, url).toBe(403);
  });
});
