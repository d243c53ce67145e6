import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '@devpulse/contract/permissions';
import { problemSchema } from '@devpulse/contract/wire/problems';
import { roles as processRoles } from '../config.ts';
import { registerIngestRoutes } from '../ingest/routes.ts';
import { listOperations, readApiDocument } from '../reference/api-document.ts';
import { areas } from '../runtime/areas.ts';
import { loadMetrics, loadWidgets } from '../runtime/load-extensions.ts';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { addPerson, addStay, addTeam } from './testing/people-in-roles.ts';

/** A question about a person, as an address. */
interface Question {
  operation: string;
  url: (personId: string) => string;
}

let api: TestApi;
let questions: Question[];
const people: Record<string, { id: string; role: Role }> = {};
const tokens: Record<string, string> = {};

beforeAll(async () => {
  api = await openTestApi({
    areas: [...new Set([...areas(processRoles), registerIngestRoutes])],
    deps: () => ({ metrics: loadMetrics(), widgets: loadWidgets() }),
  });
  const cast = [
    ['olga', 'owner'],
    ['adam', 'admin'],
    ['mia', 'manager'],
    ['max', 'manager'],
    ['ada', 'member'],
    ['ben', 'member'],
  ] as const;
  for (const [name, role] of cast) {
    const id = await addPerson(api, name, role);
    people[name] = { id, role };
    tokens[name] = await api.tokenFor(['read'], { workspaceId: api.workspaceId, ownerId: id });
  }
  const team = await addTeam(api, 'Engine');
  await addStay(api, { team, person: idOf('mia'), duty: 'manager', from: '2020-01-01' });
  await addStay(api, { team, person: idOf('ada'), duty: 'member', from: '2020-01-01' });
  questions = findQuestions();
});
afterAll(() => api.close());

const idOf = (name: string): string => people[name]?.id ?? '';

/** Every operation whose question names a person: by `subject`, or as a person whose numbers one may look at. */
function findQuestions(): Question[] {
  const operations = listOperations(readApiDocument(api.app));
  const bySubject = operations.filter((route) => parametersOf(route.operation).includes('subject'));
  const asSubject = bySubject.map((route) => ({
    operation: `${route.method} ${route.path}`,
    url: (id: string) =>
      `${route.path.replace('{id}', route.path.includes('/widgets/') ? 'totals' : 'commits')}?subject=person:${id}`,
  }));
  return [
    ...asSubject,
    { operation: 'GET /api/v1/viewable-people/{id}', url: (id) => `/api/v1/viewable-people/${id}` },
    // A person as a part of the whole is that person's number.
    {
      operation: 'part',
      url: (id) => `/api/v1/metrics/commits_by_person?subject=workspace&part=${id}`,
    },
    {
      operation: 'receipt of a part',
      url: (id) => `/api/v1/metrics/commits_by_person/receipt?subject=workspace&part=${id}`,
    },
  ];
}

function parametersOf(operation: unknown): string[] {
  const { parameters = [] } = operation as { parameters?: { name: string; in: string }[] };
  return parameters.filter((parameter) => parameter.in === 'query').map((parameter) => parameter.name);
}

async function ask(who: string, url: string) {
  const response = await api.app.inject({ url, headers: { authorization: `Bearer ${tokens[who]}` } });
  return { status: response.statusCode, problem: problemSchema.safeParse(response.json()).data };
}

/** Who may look at Ada, whom Mia manages, and at Ben, whom nobody does. */
const allowed: Record<string, readonly string[]> = {
  ada: ['olga', 'adam', 'mia', 'ada'],
  ben: ['olga', 'adam', 'ben'],
};

describe('every question about a person', () => {
  it('is one of those that are known here', () => {
    expect(
      questions
        .map(({ operation }) => operation)
        .slice(0, -3)
        .toSorted(),
    ).toEqual(['GET /api/v1/metrics/{id}', 'GET /api/v1/metrics/{id}/receipt', 'GET /api/v1/widgets/{id}']);
  });

  it('is answered to whom it may be, and refused to everybody else', async () => {
    for (const { operation, url } of questions)
      for (const [person, mayLook] of Object.entries(allowed))
        for (const who of Object.keys(tokens)) {
          const { status, problem } = await ask(who, url(idOf(person)));
          const expected = mayLook.includes(who) ? [200, undefined] : [403, 'forbidden'];
          expect([status, problem?.code], `${who} about ${person}: ${operation}`).toEqual(expected);
        }
  });

  it('does not say of anybody of another workspace that they are there', async () => {
    const other = await api.addWorkspace();
    const stranger = await addPerson({ store: api.store, workspaceId: other.workspaceId }, 'Eve', 'member');
    for (const { operation, url } of questions.filter((each) => !each.operation.includes('part')))
      for (const who of ['olga', 'ada'])
        expect((await ask(who, url(stranger))).status, `${who}: ${operation}`).toBe(404);
  });

  it('lets everybody ask about themselves and about the whole', async () => {
    for (const who of Object.keys(tokens))
      for (const subject of ['me', 'workspace']) {
        expect((await ask(who, `/api/v1/metrics/commits?subject=${subject}`)).status, `${who} ${subject}`).toBe(200);
        expect((await ask(who, `/api/v1/widgets/totals?subject=${subject}`)).status, `${who} ${subject}`).toBe(200);
      }
  });
});

describe('the viewer log', () => {
  const looksOf = async (who: string) =>
    (await api.app.inject({ url: '/api/v1/me/looks', headers: { authorization: `Bearer ${tokens[who]}` } })).json<{
      looks: { day: string; viewer: { id: string; name: string } }[];
      keptDays: number;
    }>();

  it('shows who looked, once a day, by name, and not who was refused or only asked who it is', async () => {
    await api.store.inWorkspace(api.workspaceId, (trx) => trx.deleteFrom('viewer_looks').execute());
    await ask('olga', `/api/v1/viewable-people/${idOf('ada')}`);
    expect(await looksOf('ada')).toMatchObject({ looks: [], keptDays: 180 });
    for (const who of ['mia', 'olga', 'ben', 'max', 'ada'])
      for (const url of ['/api/v1/metrics/commits', '/api/v1/widgets/totals', '/api/v1/metrics/commits/receipt'])
        await ask(who, `${url}?subject=person:${idOf('ada')}`);
    const { looks } = await looksOf('ada');
    const today = new Date().toISOString().slice(0, 10);
    expect(looks.map(({ day }) => day)).toEqual([today, today]);
    expect(looks.map(({ viewer }) => viewer.name).toSorted()).toEqual(['mia', 'olga']);
    expect((await looksOf('mia')).looks).toEqual([]);
  });

  it('notes many looks at once without a fault', async () => {
    await api.store.inWorkspace(api.workspaceId, (trx) => trx.deleteFrom('viewer_looks').execute());
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => ask('adam', `/api/v1/widgets/totals?subject=person:${idOf('ben')}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 200));
    expect((await looksOf('ben')).looks).toHaveLength(1);
  });

  it('notes nothing of what one asks about oneself or the whole', async () => {
    await api.store.inWorkspace(api.workspaceId, (trx) => trx.deleteFrom('viewer_looks').execute());
    for (const subject of ['me', `person:${idOf('olga')}`, 'workspace'])
      await ask('olga', `/api/v1/metrics/commits?subject=${subject}`);
    const { rows } = await api.store.inWorkspace(api.workspaceId, (trx) =>
      sql`select 1 from viewer_looks`.execute(trx),
    );
    expect(rows).toEqual([]);
  });

  it('pages from the newest day to the oldest', async () => {
    const { workspaceId } = api;
    await api.store.inWorkspace(workspaceId, async (trx) => {
      await trx.deleteFrom('viewer_looks').execute();
      const day = (back: number): string => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);
      const looks = [0, 1, 2, 200].flatMap((back) =>
        ['olga', 'mia'].map((name) => ({
          workspace_id: workspaceId,
          person_id: idOf('ada'),
          viewer_id: idOf(name),
          day: day(back),
        })),
      );
      await trx.insertInto('viewer_looks').values(looks).execute();
    });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const url: string = `/api/v1/me/looks?limit=4${cursor === null ? '' : `&cursor=${cursor}`}`;
      const answer = await api.app.inject({ url, headers: { authorization: `Bearer ${tokens['ada']}` } });
      const page = answer.json<{ looks: { day: string }[]; nextCursor: string | null }>();
      seen.push(...page.looks.map(({ day }) => day));
      cursor = page.nextCursor;
    } while (cursor !== null);
    // The two of 200 days ago are older than what is kept.
    expect(seen).toHaveLength(6);
    expect(seen).toEqual(seen.toSorted().toReversed());
    const wrong = await api.app.inject({
      url: `/api/v1/me/looks?cursor=${Buffer.from(JSON.stringify(['soon', idOf('ada')])).toString('base64url')}`,
      headers: { authorization: `Bearer ${tokens['ada']}` },
    });
    expect(wrong.statusCode).toBe(400);
  });
});

describe('GET /api/v1/viewable-people', () => {
  it('lists exactly those whose numbers one may ask for, by name', async () => {
    const listed = async (who: string): Promise<string[]> => {
      const answer = await api.app.inject({
        url: '/api/v1/viewable-people?limit=200',
        headers: { authorization: `Bearer ${tokens[who]}` },
      });
      return answer.json<{ people: { name: string }[] }>().people.map(({ name }) => name);
    };
    expect(await listed('olga')).toEqual(['ada', 'adam', 'ben', 'max', 'mia', 'Owner']);
    expect(await listed('mia')).toEqual(['ada']);
    expect(await listed('max')).toEqual([]);
    expect(await listed('ada')).toEqual([]);
  });
});
