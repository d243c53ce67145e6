import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '@devpulse/contract/permissions';
import { readMetric } from '@devpulse/pipeline/serve/read-metric';
import { readReceipt } from '@devpulse/pipeline/serve/read-receipt';
import { openPeopleWorld, type TestWorkspace } from '../people/testing/people-world.ts';
import { lookAtPeople } from './look-at-people.ts';
import { addStay, addTeam } from './testing/people-in-roles.ts';

const now = new Date('2026-03-10T12:00:00Z');
const [ada, ben, cy] = ['Ada <ada@x.example>', 'Ben <ben@x.example>', 'Cy <cy@x.example>'] as const;
const window = { from: '2026-03-01', to: '2026-03-10' };

let world: Awaited<ReturnType<typeof openPeopleWorld>>;
let ws: TestWorkspace;

beforeAll(async () => {
  world = await openPeopleWorld();
  ws = await world.fresh();
  await ws.tell([
    { by: cy, at: '2026-03-02T12:00:00Z' },
    { by: cy, at: '2026-03-03T12:00:00Z' },
    { by: cy, at: '2026-03-03T13:00:00Z' },
    { by: ben, at: '2026-03-04T12:00:00Z' },
    { by: ben, at: '2026-03-04T13:00:00Z' },
    { by: ada, at: '2026-03-05T12:00:00Z' },
  ]);
  await ws.count();
  // Ada signs in as the person that her identity is; of the others nobody does.
  const team = await addTeam(ws, 'Engine');
  await addStay(ws, { team, person: ws.id(ada), duty: 'manager', from: '2026-01-01' });
  await addStay(ws, { team, person: ws.id(ben), duty: 'member', from: '2026-01-01' });
});
afterAll(() => world.close());

function questionOf(role: Role, metricId: string, part?: string) {
  const viewer = { workspaceId: ws.workspaceId, personId: ws.id(ada), role };
  const query = { subject: 'workspace', by: 'total' as const, ...window, ...(part === undefined ? {} : { part }) };
  return { store: ws.store, metrics: ws.metrics, viewer, metricId, query, now };
}

function ask(role: Role, metricId: string, part?: string) {
  const question = questionOf(role, metricId, part);
  return lookAtPeople(question, (sight) => readMetric({ ...question, sight }));
}

function prove(role: Role, metricId: string, part?: string) {
  const question = questionOf(role, metricId, part);
  return lookAtPeople(question, (sight) =>
    readReceipt({ ...question, sight, limit: 50, baseUrl: 'http://localhost:3000' }),
  );
}

const partsOf = async (role: Role): Promise<[string, number][]> =>
  ((await ask(role, 'commits_by_person')).values[0]?.parts ?? []).map(({ label, value }) => [label, value]);

describe('a whole that is made of people', () => {
  it('names, by name and not by number, those whom one may see, and joins all others without changing the whole', async () => {
    expect(await partsOf('owner')).toEqual([
      ['Ada', 1],
      ['Ben', 2],
      ['Cy', 3],
    ]);
    expect(await partsOf('manager')).toEqual([
      ['Ada', 1],
      ['Ben', 2],
      ['Others', 3],
    ]);
    expect(await partsOf('member')).toEqual([
      ['Ada', 1],
      ['Others', 5],
    ]);
    for (const role of ['owner', 'manager', 'member'] as const)
      expect((await ask(role, 'commits_by_person')).values[0]?.value, role).toBe(6);
  });

  it('tells no id of whom one may not see', async () => {
    const answers = [
      await ask('member', 'commits_by_person'),
      await prove('member', 'contributors'),
      await prove('member', 'bus_factor'),
      await prove('member', 'new_contributors'),
      await prove('member', 'commits_by_person', ws.id(ada)),
    ];
    for (const answer of answers)
      for (const hidden of [ws.id(ben), ws.id(cy), 'Ben', 'Cy']) expect(JSON.stringify(answer)).not.toContain(hidden);
    expect(JSON.stringify(await prove('owner', 'contributors'))).toContain('Cy');
  });

  it('proves it by lines in the order of names, the nameless last', async () => {
    const lines = async (role: Role) =>
      (await prove(role, 'contributors')).records.map(({ label, value }) => [label, value]);
    expect(await lines('owner')).toEqual([
      ['Ada', 1],
      ['Ben', 2],
      ['Cy', 3],
    ]);
    const [first, ...others] = await lines('member');
    expect(first).toEqual(['Ada', 1]);
    // In the order of their numbers: that of their ids, which everybody can read, would tell who is who.
    expect(others).toEqual([
      ['3 commits', 3],
      ['2 commits', 2],
    ]);
  });

  it('has no receipt person by person for whoever may not see all of them', async () => {
    await expect(prove('member', 'commits_by_person')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(prove('manager', 'commits_by_person')).rejects.toMatchObject({ code: 'forbidden' });
    expect((await prove('owner', 'commits_by_person')).n).toBe(6);
    expect((await prove('manager', 'commits_by_person', ws.id(ben))).n).toBe(2);
    await expect(prove('manager', 'commits_by_person', ws.id(cy))).rejects.toMatchObject({ code: 'forbidden' });
    await expect(ask('member', 'commits_by_person', 'others')).rejects.toMatchObject({ code: 'invalid_request' });
  });
});
