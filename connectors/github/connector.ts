import { defineConnector, type EventKind } from '@devpulse/contract/connector';
import { eventActions } from './actions.ts';
import { pull } from './fetch.ts';
import { parse } from './parse.ts';
import { planBackfill } from './plan-backfill.ts';
import { type GithubSettings, githubSettings } from './settings.ts';
import { shapes } from './shapes.ts';

export const connector = defineConnector<GithubSettings>({
  id: 'github',
  title: 'GitHub',
  summary:
    'Reads commits, pull requests, reviews, issues, releases, deployments, runs and more of a repository on GitHub, from its ' +
    'events and its API. Never writes to a repository, and keeps neither source code nor the texts of comments as facts.',
  settings: githubSettings,
  kinds: [...Object.entries(shapes).map(describeShape), ...[...eventActions].flatMap(describeEvent)],
  pull,
  plan: planBackfill,
  parse,
});

function describeShape([name, { title, data }]: [string, { title: string; data: string }]): EventKind {
  return {
    kind: `api.${name}`,
    title,
    key: `<repository>#${name}#<what it is about>#<version and fingerprint of what it tells>`,
    body: `JSON: host, repository, at, data: ${data}`,
  };
}

/** Events that tell nothing are in the README, with the reason. */
function describeEvent([event, actions]: [string, ReadonlyMap<string, object>]): EventKind[] {
  const telling = [...actions].filter(([, tells]) => 'tells' in tells).map(([action]) => action);
  if (telling.length === 0) return [];
  const ofActions = telling[0] === '' ? '' : `: ${telling.join(', ')}`;
  return [
    {
      kind: `hook.${event}`,
      title: `GitHub’s event \`${event}\`${ofActions}`,
      key: 'hook:<hook>:<X-GitHub-Delivery>',
      body: 'as GitHub sent it',
    },
  ];
}
