import { openRoute, type Route } from '../front/route.ts';
import { readJson, refuse, reply, type Ask, type Reply } from '../front/state.ts';
import { runQuery } from './run-query.ts';

/** No address of the REST description, and one for everything. */
export const graphqlRoutes: Route[] = [openRoute('POST', '/graphql', answer)];

async function answer(ask: Ask): Promise<Reply> {
  if (ask.token === null) return refuse(401, 'This endpoint requires you to be authenticated.');
  const { query, variables } = readJson(ask) as { query?: string; variables?: Record<string, unknown> };
  if (query === undefined)
    return reply({ errors: [{ message: 'A query attribute must be specified and must be a string.' }] });
  return reply(await runQuery(ask, query, variables ?? {}));
}
