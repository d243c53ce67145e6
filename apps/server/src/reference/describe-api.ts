import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { RouteOptions } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { type ErrorCode, errorCatalogue } from '@devpulse/contract/errors';
import { permissions, scopeOf, scopes } from '@devpulse/contract/permissions';
import { problemSchema } from '@devpulse/contract/wire/problems';
import type { App } from '../deps.ts';
import { problemType } from '../errors/make-problem.ts';
import { dropUnusedSchemas } from './drop-unused-schemas.ts';

/** The chapters of the reference, in order. */
const apiTags = [
  { name: 'Session', description: 'Who is signed in at the browser; programs use tokens instead.' },
  { name: 'Sign-in', description: 'Passwords, passkeys, two-factor and GitHub: how an account proves who it is.' },
  { name: 'Sessions and devices', description: 'Where one is signed in, and pairing programs on other machines.' },
  { name: 'API tokens', description: 'Tokens for programs: made, listed and revoked by whom they act for.' },
  { name: 'Workspaces', description: 'Making, finding, handing over and deleting workspaces.' },
  { name: 'Members', description: 'Who is in a workspace, in which role, and who is invited.' },
  { name: 'Metrics', description: 'Numbers, what they mean, and the proof of each.' },
  { name: 'Widgets', description: 'Tiles: several numbers of one moment, shaped for one drawing.' },
  { name: 'People', description: 'Who is who: people, identities, rules.' },
  {
    name: 'Teams',
    description: 'Who is in which team from when until when, and the days on which the workspace works.',
  },
  { name: 'Profile', description: 'How people show themselves, and how they like their screens.' },
  { name: 'Your data', description: 'Taking everything along, bringing it in elsewhere, and going for good.' },
  { name: 'Sources', description: 'Where events are read from.' },
  { name: 'Demo', description: 'Made-up data in a workspace of its own, to look around in.' },
  { name: 'Live', description: 'What changed, as it happens.' },
  { name: 'Events', description: 'Sending raw events in: the door for everything that no connector fetches.' },
  { name: 'Connections', description: 'What GitHub lets DevPulse read: grants, tokens, and installations.' },
  { name: 'GitHub App', description: 'The one App of this instance: made, shown and forgotten.' },
  { name: 'Webhooks', description: 'What GitHub tells by itself: where it delivers to, and what became of it.' },
  { name: 'Machinery', description: 'What runs underneath: jobs, raw events, and those that could not be read.' },
  { name: 'Audit', description: 'Who did what, when and from where; nothing in it can be changed.' },
  { name: 'Service', description: 'Whether the service is well.' },
] as const;

/** Collects the routes that are added from now on into one OpenAPI 3.1 document, see `app.swagger()`. */
export async function describeApi(app: App, version: string): Promise<void> {
  app.addHook('onRoute', addErrorAnswers);
  await app.register(swagger, {
    openapi: frame(version),
    transform,
    transformObject,
  } satisfies FastifyDynamicSwaggerOptions);
}

function frame(version: string): NonNullable<FastifyDynamicSwaggerOptions['openapi']> {
  return {
    openapi: '3.1.0',
    info: {
      title: 'DevPulse',
      version,
      description:
        'Everything is JSON unless said otherwise; times are UTC. Lists are paged: send `nextCursor` back as `cursor`. ' +
        'Errors are `application/problem+json` with a stable `code`. Every answer carries `x-request-id`.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    tags: [...apiTags],
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: `A token made by \`devpulse token create\`. Scopes: ${Object.entries(scopes)
            .map(([name, text]) => `${name} (${text.replace(/\.$/, '')})`)
            .join('; ')}.`,
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'devpulse_session',
          description:
            'The session of a browser (`__Host-devpulse_session` over TLS, with the port behind it where plain HTTP has ' +
            'another than 80, as in `devpulse_session_3000`); it may do everything. Requests that change ' +
            'something must come from a page of this server: `Sec-Fetch-Site: same-origin`, or an `Origin` that is ours.',
        },
      },
    },
  };
}

const transform: NonNullable<FastifyDynamicSwaggerOptions['transform']> = (input) => {
  const { schema, url } = jsonSchemaTransform(input);
  const { config, bodyLimit } = input.route;
  const permission = config?.permission ?? 'public';
  const costs = {
    ...(config?.limit === undefined || config.limit === 'none' ? {} : { 'x-rate-limit': config.limit }),
    ...(schema.body === undefined || bodyLimit === undefined ? {} : { 'x-body-bytes-max': bodyLimit }),
  };
  if (permission === 'public') return { url, schema: { ...schema, ...costs, security: [] } };
  const scope = scopeOf(permission);
  const security = [...(scope === null ? [] : [{ token: [scope] }]), { session: [] }];
  const extensions = {
    ...costs,
    'x-permission': permission,
    'x-roles': permissions[permission].roles,
    ...(config?.instance === true ? { 'x-instance': true } : {}),
  };
  return { url, schema: { ...schema, ...extensions, security } };
};

const transformObject: NonNullable<FastifyDynamicSwaggerOptions['transformObject']> = (document) =>
  // Every named schema comes twice, as it is sent and as it is received; most are only ever one of them.
  polish(dropUnusedSchemas(jsonSchemaTransformObject(document)));

/** What the generator has no way to be told. */
function polish<Document extends object>(document: Document): Document {
  const text = JSON.stringify(document, (name, value: unknown) => {
    if (name === 'application/x-ndjson')
      return { schema: { type: 'string', description: 'One `EventItem` as JSON a line.' } };
    return value === 'Default Response' ? 'What was asked for.' : value;
  });
  return JSON.parse(text) as Document;
}

function addErrorAnswers(route: RouteOptions): void {
  const { schema } = route;
  if (schema === undefined || schema.hide === true) return;
  const known = (schema.response ?? {}) as Record<string, unknown>;
  const answers = Object.entries(groupByStatus(errorsOf(route))).filter(([status]) => !(status in known));
  route.schema = {
    ...schema,
    response: { ...known, ...Object.fromEntries(answers.map(([status, codes]) => [status, describeErrors(codes)])) },
  };
}

function errorsOf(route: RouteOptions): ErrorCode[] {
  const { schema, config } = route;
  const codes = new Set<ErrorCode>(['internal', ...(config?.errors ?? [])]);
  const add = (...more: ErrorCode[]): void => more.forEach((code) => codes.add(code));
  if (config?.limit !== 'none') add('too_many_requests');
  if (config?.permission !== 'public') add('unauthenticated', 'forbidden', 'store_unavailable', 'store_damaged');
  if (schema?.querystring !== undefined || schema?.params !== undefined || schema?.body !== undefined)
    add('invalid_request');
  if (schema?.params !== undefined) add('address_too_long');
  // An address counts with the headers.
  if (schema?.querystring !== undefined) add('headers_too_large');
  if (schema?.body !== undefined) add('malformed_body', 'body_too_large', 'unsupported_media_type');
  return [...codes];
}

function groupByStatus(codes: ErrorCode[]): Record<string, ErrorCode[]> {
  return Object.fromEntries(Map.groupBy(codes, (code) => String(errorCatalogue[code].status)));
}

function describeErrors(codes: ErrorCode[]): object {
  const lines = codes.map((code) => `\`${code}\`: ${errorCatalogue[code].title.replace(/\?$/, '')}.`);
  return { description: lines.join(' '), content: { [problemType]: { schema: problemSchema } } };
}
