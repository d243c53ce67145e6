import type { Needs } from '../front/access.ts';
import { aboutRepository, route, type Route } from '../front/route.ts';
import { linkTo, notFound, paged, readJson, refuse, reply, type Ask, type Reply } from '../front/state.ts';
import { pingParcel, type Delivery, type Hook } from '../hooks/hook-book.ts';
import { organizationShape, userShape } from '../shapes/account-shapes.ts';
import { repositoryShape, repositoryUrl } from '../shapes/repository-shapes.ts';
import { findAccount, instantOf } from '../world/open-world.ts';

const repositoryNeeds: Needs = { scopes: ['admin:repo_hook'], permission: 'repository_hooks=read', level: 'write' };
const organizationNeeds: Needs = { scopes: ['admin:org_hook'], permission: 'organization_hooks=read' };

/** What is the same for hooks of repositories and of organizations. */
const verbs: { method: string; rest: string; answer(ask: Ask, owner: Owner): Reply | Promise<Reply> }[] = [
  { method: 'GET', rest: '', answer: (ask, owner) => paged(ask, hooksOf(ask, owner), (hook) => hookShape(ask, hook)) },
  { method: 'POST', rest: '', answer: createHook },
  { method: 'GET', rest: '/{hook_id}', answer: withHook((ask, hook) => reply(hookShape(ask, hook))) },
  { method: 'PATCH', rest: '/{hook_id}', answer: withHook(changeHook) },
  {
    method: 'DELETE',
    rest: '/{hook_id}',
    answer: withHook((ask, hook) => {
      ask.state.hooks.hooks.delete(hook.id);
      return reply(undefined, 204);
    }),
  },
  {
    method: 'POST',
    rest: '/{hook_id}/pings',
    answer: withHook((ask, hook) => {
      ping(ask, hook);
      return reply(undefined, 204);
    }),
  },
  { method: 'GET', rest: '/{hook_id}/config', answer: withHook((_ask, hook) => reply(configShape(hook))) },
  { method: 'GET', rest: '/{hook_id}/deliveries', answer: withHook(listDeliveries) },
  { method: 'GET', rest: '/{hook_id}/deliveries/{delivery_id}', answer: withHook(readDelivery) },
  { method: 'POST', rest: '/{hook_id}/deliveries/{delivery_id}/attempts', answer: withHook(redeliver) },
];

export const hookRoutes: Route[] = verbs.flatMap(({ method, rest, answer }) => [
  aboutRepository(method, `/hooks${rest}`, repositoryNeeds, (ask) =>
    answer(ask, { kind: 'repository', id: ask.repository.id }),
  ),
  route(method, `/orgs/{org}/hooks${rest}`, organizationNeeds, (ask) => {
    const organization = findAccount(ask.world, ask.params['org'] ?? '');
    const mayManage = ask.viewer === null || organization?.members.get(ask.viewer.id) === 'admin';
    return organization === undefined || !mayManage
      ? notFound()
      : answer(ask, { kind: 'organization', id: organization.id });
  }),
]);

interface Owner {
  kind: Hook['kind'];
  id: number;
}

function hooksOf({ state }: Ask, { kind, id }: Owner): Hook[] {
  return [...state.hooks.hooks.values()].filter((hook) => hook.kind === kind && hook.owner === id);
}

function withHook(answer: (ask: Ask, hook: Hook) => Reply | Promise<Reply>) {
  return (ask: Ask, owner: Owner) => {
    const hook = hooksOf(ask, owner).find(({ id }) => id === Number(ask.params['hook_id']));
    return hook === undefined ? notFound() : answer(ask, hook);
  };
}

function createHook(ask: Ask, owner: Owner): Reply {
  const { world, state } = ask;
  const input = readJson(ask) as {
    config?: Record<string, string>;
    events?: string[];
    active?: boolean;
    name?: string;
  };
  const config = input.config ?? {};
  if (config['url'] === undefined) return refuse(422, 'Validation Failed');
  const events = input.events ?? ['push'];
  const same = hooksOf(ask, owner).some(
    (hook) => hook.url === config['url'] && hook.events.toSorted().join() === events.toSorted().join(),
  );
  if (same) {
    const errors = [{ resource: 'Hook', code: 'custom', message: 'Hook already exists on this repository' }];
    return reply({ message: 'Validation Failed', errors, documentation_url: 'https://docs.github.com/rest' }, 422);
  }
  const at = instantOf(world);
  const hook: Hook = {
    id: world.nextId(),
    kind: owner.kind,
    owner: owner.id,
    url: config['url'],
    contentType: config['content_type'] === 'json' ? 'json' : 'form',
    secret: config['secret'] ?? null,
    insecureSsl: `${config['insecure_ssl'] ?? 0}` === '1' ? '1' : '0',
    events,
    isActive: input.active ?? true,
    createdAt: at,
    updatedAt: at,
    lastResponse: { code: null, status: 'unused', message: null },
  };
  state.hooks.hooks.set(hook.id, hook);
  ping(ask, hook);
  return reply(hookShape(ask, hook), 201);
}

/** Every new hook is greeted. */
function ping(ask: Ask, hook: Hook): void {
  const { world, state, viewer } = ask;
  const organization = hook.kind === 'organization' ? world.accounts.get(hook.owner) : undefined;
  const repository = hook.kind === 'repository' ? world.repositories.get(hook.owner) : undefined;
  const sender = viewer ?? ask.token?.account;
  const shape = { ...hookShape(ask, hook) };
  if (hook.kind === 'organization') delete (shape as { test_url?: string }).test_url;
  const more = {
    ...(repository === undefined ? {} : { repository: repositoryShape(world, repository) }),
    ...(organization === undefined ? {} : { organization: organizationShape(world, organization) }),
    ...(sender === undefined ? {} : { sender: userShape(world, sender) }),
  };
  state.office.post([pingParcel(world, hook, shape, more)]);
}

function changeHook(ask: Ask, hook: Hook): Reply {
  const input = readJson(ask) as {
    config?: Record<string, string>;
    events?: string[];
    add_events?: string[];
    remove_events?: string[];
    active?: boolean;
  };
  changeConfig(hook, input.config ?? {});
  hook.events = [...new Set([...(input.events ?? hook.events), ...(input.add_events ?? [])])].filter(
    (event) => !(input.remove_events ?? []).includes(event),
  );
  hook.isActive = input.active ?? hook.isActive;
  hook.updatedAt = instantOf(ask.world);
  return reply(hookShape(ask, hook));
}

type HookConfig = Record<string, string | undefined>;

export function changeConfig(hook: Hook, config: HookConfig): void {
  if (config['url'] !== undefined) hook.url = config['url'];
  if (config['content_type'] !== undefined) hook.contentType = config['content_type'] === 'json' ? 'json' : 'form';
  if (config['secret'] !== undefined) hook.secret = config['secret'];
  if (config['insecure_ssl'] !== undefined) hook.insecureSsl = config['insecure_ssl'] === '1' ? '1' : '0';
}

export function configShape(hook: Hook) {
  return {
    content_type: hook.contentType,
    insecure_ssl: hook.insecureSsl,
    url: hook.url,
    // It is set, and that is all that is told.
    ...(hook.secret === null ? {} : { secret: '********' }),
  };
}

function hookShape({ world }: Ask, hook: Hook) {
  const repository = hook.kind === 'repository' ? world.repositories.get(hook.owner) : undefined;
  const organization = world.accounts.get(hook.owner);
  const above =
    repository === undefined ? `${world.api}/orgs/${organization?.login}` : repositoryUrl(world, repository);
  const url = `${above}/hooks/${hook.id}`;
  return {
    type: hook.kind === 'repository' ? 'Repository' : 'Organization',
    id: hook.id,
    name: 'web',
    active: hook.isActive,
    events: hook.events,
    config: configShape(hook),
    updated_at: hook.updatedAt,
    created_at: hook.createdAt,
    url,
    ...(repository === undefined ? {} : { test_url: `${url}/test`, last_response: hook.lastResponse }),
    ping_url: `${url}/pings`,
    deliveries_url: `${url}/deliveries`,
  };
}

const WINDOW = 3 * 86_400_000;

/** What was sent in the last three days, newest first; older ones are forgotten. */
export function listDeliveries(ask: Ask, hook: Hook): Reply {
  const { query } = ask;
  const size = Math.min(100, Number(query.get('per_page') ?? 30));
  const before = /^v1_(\d+)$/.exec(query.get('cursor') ?? '')?.[1];
  const status = query.get('status');
  const found = known(ask, hook)
    .filter(({ id }) => before === undefined || id < Number(before))
    .filter((one) => status === null || (status === 'success') === isGood(one))
    .toSorted((a, b) => b.id - a.id);
  const shown = found.slice(0, size);
  const last = shown.at(-1);
  const next = last === undefined || found.length <= size ? undefined : linkTo(ask, { cursor: `v1_${last.id}` });
  return reply(shown.map(deliveryShape), 200, next === undefined ? {} : { link: `<${next}>; rel="next"` });
}

function isGood({ statusCode }: Delivery): boolean {
  return statusCode >= 200 && statusCode < 400;
}

function known({ state }: Ask, hook: Hook): Delivery[] {
  const oldest = state.clock.now().getTime() - WINDOW;
  return state.hooks.deliveries.filter(
    (one) => one.hook === hook && one.deliveredAt !== null && one.deliveredAt >= oldest,
  );
}

function deliveryShape(delivery: Delivery) {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: new Date(delivery.deliveredAt ?? 0).toISOString(),
    redelivery: delivery.isRedelivery,
    duration: delivery.duration,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installation,
    repository_id: delivery.repository,
    throttled_at: null,
  };
}

export function readDelivery(ask: Ask, hook: Hook): Reply {
  const delivery = known(ask, hook).find(({ id }) => id === Number(ask.params['delivery_id']));
  if (delivery === undefined) return notFound();
  return reply({
    ...deliveryShape(delivery),
    url: hook.url,
    request: { headers: delivery.requestHeaders, payload: JSON.parse(delivery.body.toString()) as object },
    response: { headers: delivery.responseHeaders, payload: delivery.responseBody },
  });
}

export function redeliver(ask: Ask, hook: Hook): Reply {
  const delivery = known(ask, hook).find(({ id }) => id === Number(ask.params['delivery_id']));
  if (delivery === undefined) return notFound();
  ask.state.office.redeliver(delivery);
  return reply({}, 202);
}
