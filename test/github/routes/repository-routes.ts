import { levelOf, permissionsAt } from '../front/access.ts';
import { aboutRepository, type Route } from '../front/route.ts';
import { notFound, paged, reply, type RepositoryAsk } from '../front/state.ts';
import { nodeId, userShape } from '../shapes/account-shapes.ts';
import { fullRepositoryShape, pageOf, repositoryShape, repositoryUrl } from '../shapes/repository-shapes.ts';
import { findAccount } from '../world/open-world.ts';
import { compareTexts } from '../world/history.ts';

const metadata = { permission: 'metadata=read' };
const DAY = 86_400_000;

export const repositoryRoutes: Route[] = [
  aboutRepository('GET', '', metadata, ({ world, repository, state, token }) => {
    return reply(fullRepositoryShape(world, repository, permissionsAt(levelOf(state, token, repository))));
  }),
  aboutRepository('GET', '/languages', metadata, ({ repository }) => reply(repository.languages)),
  aboutRepository('GET', '/community/profile', { permission: 'contents=read' }, communityProfile),
  aboutRepository('GET', '/stargazers', metadata, (ask) => {
    const { world, repository, headers } = ask;
    const withDates = (headers['accept'] ?? '').includes('star+json');
    return paged(ask, repository.stars, ({ user, at }) =>
      withDates ? { starred_at: at, user: userShape(world, user) } : userShape(world, user),
    );
  }),
  aboutRepository('GET', '/forks', metadata, (ask) =>
    paged(ask, ask.repository.forks, (one) => repositoryShape(ask.world, one)),
  ),
  aboutRepository('GET', '/traffic/views', { permission: 'administration=read', level: 'write' }, (ask) => {
    const views = daysOf(ask).map(({ day, views: count, visitors }) => ({
      timestamp: atMidnight(day),
      count,
      uniques: visitors,
    }));
    return reply({ count: sum(views, 'count'), uniques: sum(views, 'uniques'), views });
  }),
  aboutRepository('GET', '/traffic/clones', { permission: 'administration=read', level: 'write' }, (ask) => {
    const clones = daysOf(ask).map(({ day, clones: count, cloners }) => ({
      timestamp: atMidnight(day),
      count,
      uniques: cloners,
    }));
    return reply({ count: sum(clones, 'count'), uniques: sum(clones, 'uniques'), clones });
  }),
  aboutRepository('GET', '/collaborators/{username}/permission', metadata, (ask) => {
    const account = findAccount(ask.world, ask.params['username'] ?? '');
    if (account === undefined) return notFound();
    const { repository, state, world } = ask;
    const named = { kind: 'classic', account, scopes: ['repo'] } as never;
    const level = levelOf(state, named, repository);
    const user = { ...userShape(world, account), permissions: permissionsAt(level), role_name: level };
    return reply({ permission: level, role_name: level, user });
  }),
];

/** GitHub forgets after two weeks, and today is among them. */
function daysOf({ repository, state }: RepositoryAsk) {
  const now = state.clock.now().getTime();
  const first = new Date(now - 14 * DAY).toISOString().slice(0, 10);
  const today = new Date(now).toISOString().slice(0, 10);
  return repository.traffic
    .filter(({ day }) => day >= first && day <= today)
    .toSorted((a, b) => compareTexts(a.day, b.day));
}

function atMidnight(day: string): string {
  return `${day}T00:00:00Z`;
}

function sum<Name extends string>(rows: Record<Name, number>[], name: Name): number {
  return rows.reduce((total, row) => total + row[name], 0);
}

function communityProfile({ world, repository }: RepositoryAsk) {
  const url = repositoryUrl(world, repository);
  const has = (name: string) => repository.communityFiles.includes(name);
  const file = (name: string, path: string) =>
    has(name) ? { url: `${url}/contents/${path}`, html_url: `${pageOf(world, repository)}/blob/main/${path}` } : null;
  const license = {
    key: 'mit',
    name: 'MIT License',
    spdx_id: 'MIT',
    url: `${world.api}/licenses/mit`,
    node_id: nodeId('L', 13),
    html_url: `${pageOf(world, repository)}/blob/main/LICENSE`,
  };
  const conduct = { key: 'contributor_covenant', name: 'Contributor Covenant', url: `${world.api}/codes_of_conduct/x` };
  const known = ['readme', 'license', 'contributing', 'code_of_conduct', 'issue_template', 'pull_request_template'];
  return reply({
    health_percentage: Math.round((known.filter(has).length / known.length) * 100),
    description: repository.description,
    documentation: null,
    files: {
      code_of_conduct: has('code_of_conduct') ? { ...conduct, html_url: null } : null,
      code_of_conduct_file: file('code_of_conduct', 'CODE_OF_CONDUCT.md'),
      license: has('license') ? license : null,
      contributing: file('contributing', 'CONTRIBUTING.md'),
      readme: file('readme', 'README.md'),
      issue_template: file('issue_template', 'ISSUE_TEMPLATE.md'),
      pull_request_template: file('pull_request_template', 'PULL_REQUEST_TEMPLATE.md'),
    },
    updated_at: repository.updatedAt,
    content_reports_enabled: false,
  });
}
