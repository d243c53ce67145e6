import { readAnswerExample } from '../../../test/github-schemas/published.ts';
import type { ExtraOf, ShapeName } from '../shapes.ts';

/** An answer of the API as GitHub shows it, with the name of the schema that it has to fit. */
export interface ExampleAnswer<Name extends ShapeName = ShapeName> {
  shape: Name;
  schema: string;
  isList: boolean;
  data: unknown;
  extra: ExtraOf<Name>;
}

const head = '6dcb09b5b57875f334f61aebed695e2e4193db5e';

function one<Name extends ShapeName>(
  shape: Name,
  schema: string,
  example: string,
  extra: ExtraOf<Name>,
): ExampleAnswer {
  return { shape, schema, isList: false, data: readAnswerExample(example), extra };
}

function list<Name extends ShapeName>(
  shape: Name,
  schema: string,
  example: string,
  extra: ExtraOf<Name>,
): ExampleAnswer {
  return { shape, schema, isList: true, data: readAnswerExample(example), extra };
}

/** One of the elements of a list. */
function element(shape: ShapeName, schema: string, example: string): ExampleAnswer {
  const items = readAnswerExample(example) as unknown[];
  return { shape, schema, isList: false, data: items[0], extra: {} };
}

type Json = Record<string, unknown>;

function withFields(data: unknown, fields: Json): Json {
  return { ...(data as Json), ...fields };
}

/** What GitHub's schemas require and its examples lack. */
const mended: Partial<Record<ShapeName, (data: unknown) => unknown>> = {
  repository: (data) => withFields(data, { has_discussions: true }),
  commit: (data) =>
    withFields(data, {
      files: (data as { files: Json[] }).files.map((file) =>
        withFields(file, { sha: 'f'.repeat(40), contents_url: 'https://api.github.com/contents' }),
      ),
    }),
  pull: withTeams,
  'pull-detail': withTeams,
  alerts: (data) =>
    (data as { security_advisory: Json }[]).map((alert) =>
      withFields(alert, { security_advisory: withFields(alert.security_advisory, { epss: null }) }),
    ),
};

function withTeams(data: unknown): Json {
  const { requested_teams: teams } = data as { requested_teams: Json[] };
  return withFields(data, { requested_teams: teams.map((team) => withFields(team, { type: 'organization' })) });
}

/** GitHub's own examples of every answer of the REST API that is read. */
export function listExampleAnswers(): ExampleAnswer[] {
  return listUnmended().map((answer) => ({ ...answer, data: mended[answer.shape]?.(answer.data) ?? answer.data }));
}

function listUnmended(): ExampleAnswer[] {
  const runs = readAnswerExample('workflow-run-paginated') as { workflow_runs: unknown[] };
  return [
    one('repository', 'full-repository', 'full-repository', {}),
    list('refs', 'git-ref', 'git-ref-items', { gone: ['refs/heads/old'] }),
    list('commits', 'commit', 'commit-items', {}),
    one('commit', 'commit', 'commit', { isWhole: true }),
    element('pull', 'pull-request-simple', 'pull-request-simple-items'),
    one('pull-detail', 'pull-request', 'pull-request', {}),
    list('pull-commits', 'commit', 'commit-items', { number: 1347, head, isWhole: true }),
    list('pull-files', 'diff-entry', 'diff-entry-items', { number: 1347, head, isWhole: true }),
    list('timeline', 'timeline-issue-events', 'timeline-issue-events', { number: 1347, asOf: '2021-01-01T00:00:00Z' }),
    list('reviews', 'pull-request-review', 'pull-request-review-items', { number: 12 }),
    list('review-comments', 'pull-request-review-comment', 'pull-request-review-comment-items', {}),
    list('issue-comments', 'issue-comment', 'issue-comment-items', {}),
    list('commit-comments', 'commit-comment', 'commit-comment-items', {}),
    one('issue', 'issue', 'issue', {}),
    element('release', 'release', 'release-items'),
    element('deployment', 'deployment', 'deployment-items'),
    list('deployment-statuses', 'deployment-status', 'deployment-status-items', {}),
    { shape: 'workflow-run', schema: 'workflow-run', isList: false, data: runs.workflow_runs[0], extra: {} },
    list('stargazers', 'stargazer', 'stargazer-items-alternative-response-with-star-creation-timestamps', {}),
    one('traffic-views', 'view-traffic', 'view-traffic', {}),
    one('traffic-clones', 'clone-traffic', 'clone-traffic', {}),
    one('languages', 'language', 'language', {}),
    one('community', 'community-profile', 'community-profile', {}),
    list('alerts', 'dependabot-alert', 'dependabot-alerts-for-repository', {}),
    list('forks', 'minimal-repository', 'minimal-repository-items-2', {}),
    one('account', 'public-user', 'public-user-default-response', {}),
  ];
}
