import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureGithubSchemas } from '../github-schemas/ensure-github-schemas.ts';
import { findEventFaults } from '../github-schemas/published.ts';
import { busy, makeBusyWorld } from './busy-world.ts';
import { openGithub, type GithubCounterpart } from './open-github.ts';

interface Received {
  headers: IncomingHttpHeaders;
  body: Buffer;
}

let receiver: Server;
let address: string;
let received: Received[] = [];
let status = 202;

beforeAll(async () => {
  await ensureGithubSchemas();
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks) });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(receiver.address() as { port: number }).port}/hook`;
});
afterAll(() => {
  receiver.closeAllConnections();
  receiver.close();
});
beforeEach(() => {
  received = [];
  status = 202;
});

async function withGithub(run: (github: GithubCounterpart) => Promise<void>): Promise<void> {
  const github = await openGithub();
  try {
    await run(github);
  } finally {
    await github.close();
  }
}

/** A repository of Ada's with a hook that hears everything. */
async function withHook(
  run: (github: GithubCounterpart, hook: { id: number; ask: Ask }) => Promise<void>,
): Promise<void> {
  await withGithub(async (github) => {
    github.seedRepository({ name: 'ada/site', commits: [{ author: { name: 'Ada', email: 'ada@example.org' } }] });
    const token = github.issueToken({ account: 'ada', scopes: ['repo'] }).value;
    const ask: Ask = async (method, path, body) => {
      const headers = { authorization: `Bearer ${token}` };
      const more = body === undefined ? {} : { body: JSON.stringify(body) };
      const answer = await fetch(`${github.apiUrl}/repos/ada/site/hooks${path}`, { method, headers, ...more });
      return { status: answer.status, body: (await answer.json().catch(() => null)) as never };
    };
    const config = { url: address, content_type: 'json', secret: 'between us' };
    const made = await ask('POST', '', { config, events: ['*'] });
    await github.office.settled();
    await run(github, { id: (made.body as { id: number }).id, ask });
  });
}

type Ask = (method: string, path: string, body?: object) => Promise<{ status: number; body: never }>;

/** What GitHub's own schemas of webhooks know too little of, each with what they say that GitHub does not do. */
const known: Record<string, RegExp> = {
  // They know a user as the former owner only.
  repository$transferred: /organization/,
  // They want the addresses of github.com.
  dependabot_alert$created: /^\/sender\/\w*(?:url|node_id)/,
  dependabot_alert$fixed: /^\/sender\/\w*(?:url|node_id)/,
};

describe('webhooks', () => {
  it('are each as GitHub’s own schemas want them', async () => {
    await withGithub(async (github) => {
      const seen = hearEverything(github);
      makeBusyWorld(github);
      changeInstallations(github);
      await github.office.settled();
      const names = new Set<string>();
      const faults: string[] = [];
      for (const [event, payload] of seen()) {
        const name = `${event}$${payload.action ?? 'event'}`;
        names.add(name);
        faults.push(
          ...findEventFaults(name, payload)
            .filter((fault) => known[name]?.test(fault) !== true)
            .map((fault) => `${name} ${fault}`),
        );
      }
      expect([...new Set(faults)]).toEqual([]);
      expect([...names].toSorted()).toEqual(everyEvent);
    });
  });

  it('would be told apart from wrong ones', () => {
    expect(findEventFaults('star$deleted', { action: 'deleted', starred_at: null }).join()).toContain('repository');
  });

  it('are signed over the very bytes', async () => {
    await withHook(async (github) => {
      github.act.push({ repository: 'ada/site', by: 'ada', commits: [{ message: 'Grüße 🙂' }] });
      await github.office.settled();
      const last = received.at(-1);
      const signature = createHmac('sha256', 'between us')
        .update(last?.body ?? '')
        .digest('hex');
      expect(last?.headers).toMatchObject({
        'x-hub-signature-256': `sha256=${signature}`,
        'x-github-event': 'push',
        'x-github-hook-installation-target-type': 'repository',
        'content-type': 'application/json',
      });
      expect(last?.headers['x-github-delivery']).toMatch(/^[0-9a-f-]{36}$/);
    });
  });

  it('come several times, late and in disorder where that is asked for', async () => {
    await withHook(async (github) => {
      received = [];
      github.office.weather = { copies: [2, 2] };
      github.office.hold();
      for (let count = 0; count < 10; count += 1) {
        github.act.push({ repository: 'ada/site', by: 'ada', commits: [{ message: `${count}` }] });
      }
      expect(received).toEqual([]);
      github.office.release({ shuffles: true });
      await github.office.settled();
      const guids = received.map(({ headers }) => headers['x-github-delivery']);
      expect([guids.length, new Set(guids).size]).toEqual([20, 10]);
      const told = [...new Set(guids)];
      expect(told).not.toEqual(github.deliveries.slice(-10).map(({ guid }) => guid));
    });
  });

  it('that failed are listed, for three days, and sent again with the same id', async () => {
    await withHook(async (github, { id, ask }) => {
      status = 500;
      github.act.star({ repository: 'ada/site', by: 'ada' });
      await github.office.settled();
      status = 202;
      const list = await ask('GET', `/${id}/deliveries`);
      const [failed] = list.body as { id: number; guid: string; status_code: number }[];
      expect(failed?.status_code).toBe(500);
      expect((await ask('POST', `/${id}/deliveries/${failed?.id}/attempts`)).status).toBe(202);
      await github.office.settled();
      expect(received.slice(-2).map(({ headers }) => headers['x-github-delivery'])).toEqual([
        failed?.guid,
        failed?.guid,
      ]);
      github.clock.shift(3 * 86_400_000 + 1000);
      expect((await ask('GET', `/${id}/deliveries`)).body).toEqual([]);
      expect((await ask('POST', `/${id}/deliveries/${failed?.id}/attempts`)).status).toBe(404);
    });
  });

  it('that vanish are listed nowhere', async () => {
    await withHook(async (github) => {
      const before = github.deliveries.length;
      github.office.weather = { vanishes: 1 };
      github.act.star({ repository: 'ada/site', by: 'ada' });
      expect(github.deliveries).toHaveLength(before);
    });
  });
});

/** One hook of each organization and repository, made beforehand; payloads are read from what is posted. */
function hearEverything(github: GithubCounterpart): () => (readonly [string, { action?: string }])[] {
  const { app } = github.registerApp(github.act.addAccount({ login: 'owner' }), {
    name: 'Hears all',
    url: 'http://127.0.0.1:9',
    hook_attributes: { url: address },
    default_events: ['push', 'pull_request', 'issues'],
  });
  for (const hook of github.hooks.values()) hook.events = ['*'];
  github.world.listeners.unshift(({ organization, repository }) => {
    const account = organization ?? repository?.owner;
    if (account === undefined || installed.has(account.id)) return;
    installed.add(account.id);
    github.install(app, account);
  });
  const installed = new Set<number>();
  return () =>
    github.deliveries.map(({ event, body }) => [event, JSON.parse(body.toString()) as { action?: string }] as const);
}

function changeInstallations(github: GithubCounterpart): void {
  const owner = github.account('owner');
  const installation = [...github.installations.values()].find(({ account }) => account.login === 'harbor');
  if (installation === undefined) throw new Error('the App is not installed');
  const { repository } = busy;
  github.act.addRepository({ name: 'harbor/crane' });
  github.choose(installation, [repository], owner);
  github.choose(installation, null, owner);
  github.suspend(installation, owner);
  github.suspend(installation, owner, true);
  github.acceptPermissions(installation, owner);
  github.uninstall(installation, owner);
}

/** All that the counterpart sends; `ping` comes with a hook. */
const everyEvent: string[] = [
  'check_suite$completed',
  'commit_comment$created',
  'create$event',
  'delete$event',
  'dependabot_alert$created',
  'dependabot_alert$dismissed',
  'dependabot_alert$fixed',
  'dependabot_alert$reopened',
  'deployment$created',
  'deployment_status$created',
  'discussion$answered',
  'discussion$created',
  'discussion_comment$created',
  'fork$event',
  'installation$created',
  'installation$deleted',
  'installation$new_permissions_accepted',
  'installation$suspend',
  'installation$unsuspend',
  'installation_repositories$added',
  'installation_repositories$removed',
  'issue_comment$created',
  'issue_comment$deleted',
  'issue_comment$edited',
  'issues$assigned',
  'issues$closed',
  'issues$deleted',
  'issues$edited',
  'issues$labeled',
  'issues$opened',
  'issues$reopened',
  'issues$unassigned',
  'issues$unlabeled',
  'member$added',
  'member$removed',
  'membership$added',
  'membership$removed',
  'organization$member_added',
  'organization$member_removed',
  'pull_request$assigned',
  'pull_request$auto_merge_disabled',
  'pull_request$auto_merge_enabled',
  'pull_request$closed',
  'pull_request$converted_to_draft',
  'pull_request$dequeued',
  'pull_request$edited',
  'pull_request$enqueued',
  'pull_request$labeled',
  'pull_request$opened',
  'pull_request$ready_for_review',
  'pull_request$reopened',
  'pull_request$review_request_removed',
  'pull_request$review_requested',
  'pull_request$synchronize',
  'pull_request$unassigned',
  'pull_request$unlabeled',
  'pull_request_review$dismissed',
  'pull_request_review$submitted',
  'pull_request_review_comment$created',
  'pull_request_review_thread$resolved',
  'push$event',
  'release$created',
  'release$deleted',
  'release$published',
  'repository$archived',
  'repository$created',
  'repository$deleted',
  'repository$edited',
  'repository$privatized',
  'repository$publicized',
  'repository$renamed',
  'repository$transferred',
  'repository$unarchived',
  'star$created',
  'star$deleted',
  'team$created',
  'workflow_run$completed',
  'workflow_run$in_progress',
  'workflow_run$requested',
];
