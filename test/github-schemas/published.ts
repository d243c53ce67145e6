import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

/** What GitHub publishes of its shapes, read from the packages that `ensureGithubSchemas` installs. */

const modules = path.join(import.meta.dirname, 'node_modules', '@octokit');

type Schema = Record<string, unknown>;

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(path.join(modules, file), 'utf8'));
}

function readEventSchemas(): Schema {
  return (readJson('webhooks-schemas/schema.json') as { definitions: Schema }).definitions;
}

export interface EventExamples {
  name: string;
  actions: string[];
  examples: Record<string, unknown>[];
}

/** An example or more of each event that GitHub sends. */
export function readWebhookExamples(): EventExamples[] {
  return readJson('webhooks-examples/api.github.com/index.json') as EventExamples[];
}

/** Every event and its actions, from both of GitHub's descriptions: either knows some that the other does not. */
export function readEventActions(): Map<string, Set<string>> {
  const known = new Map<string, Set<string>>();
  const add = (event: string, action: string): void => {
    known.set(event, (known.get(event) ?? new Set()).add(action));
  };
  for (const name of Object.keys(readEventSchemas())) {
    const [event = '', action] = name.split('$');
    if (action !== undefined) add(event, action === 'event' ? '' : action);
  }
  const { components, 'x-webhooks': hooks } = readOpenApi();
  for (const { post } of Object.values(hooks)) {
    const { schema } = post.requestBody.content['application/json'];
    for (const action of listActions(schema, components.schemas))
      add(post['x-github'].subcategory.replaceAll('-', '_'), action);
  }
  return known;
}

interface EventSchema {
  $ref?: string;
  properties?: { action?: { enum?: string[] } };
  oneOf?: EventSchema[];
}

/** The actions of an event; one empty name for an event without any. */
function listActions(schema: EventSchema | undefined, all: Schema): string[] {
  if (schema?.$ref !== undefined) return listActions(all[schema.$ref.split('/').at(-1) ?? ''] as EventSchema, all);
  return schema?.oneOf?.flatMap((part) => listActions(part, all)) ?? schema?.properties?.action?.enum ?? [''];
}

interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown>; examples: Record<string, { value: unknown }> };
  'x-webhooks': Record<
    string,
    {
      post: {
        'x-github': { subcategory: string };
        requestBody: { content: { 'application/json': { schema: EventSchema } } };
      };
    }
  >;
}

interface Operation {
  responses?: Record<string, { content?: { 'application/json'?: { schema: unknown } } }>;
}

let openApi: OpenApi | undefined;

/** The description of the REST API with references; the one without is five times as large. */
function readOpenApi(): OpenApi {
  openApi ??= readJson('openapi/generated/api.github.com.json') as OpenApi;
  return openApi;
}

/** One of the examples beside the description of the API. */
export function readAnswerExample(name: string): unknown {
  const found = readOpenApi().components.examples[name];
  if (found === undefined) throw new Error(`GitHub publishes no example "${name}"`);
  return structuredClone(found.value);
}

/** The names of the permissions that an App may ask for. */
export function readPermissionNames(): string[] {
  return Object.keys((readOpenApi().components.schemas['app-permissions'] as { properties: Schema }).properties);
}

/** The schema of GraphQL, in its own language. */
export function readGraphqlSchema(): string {
  return readFileSync(path.join(modules, 'graphql-schema/schema.graphql'), 'utf8');
}

const validators = new Map<string, ValidateFunction>();

/** What is wrong with an answer of the API by GitHub's own schema, for example of `pull-request`; empty when it is right. */
export function findFaults(schemaName: string, value: unknown): string[] {
  let validate = validators.get(`api ${schemaName}`);
  if (validate === undefined) {
    validate = compile(readOpenApi().components.schemas, '#/components/schemas/', schemaName);
    validators.set(`api ${schemaName}`, validate);
  }
  return listFaults(validate, value);
}

/** What is wrong with an answer by the schema of its address, for example of `GET /repos/{owner}/{repo}/pulls`. */
export function findReplyFaults(method: string, pattern: string, status: number, value: unknown): string[] {
  const name = `${method} ${pattern} ${status}`;
  let validate = validators.get(name);
  if (validate === undefined) {
    const reply = readOpenApi().paths[pattern]?.[method.toLowerCase()]?.responses?.[status];
    if (reply === undefined) throw new Error(`GitHub publishes no answer "${name}"`);
    const { components } = readOpenApi();
    const schema = reply.content?.['application/json']?.schema ?? { description: 'an answer without a body' };
    validate = compile({ ...components.schemas, [name]: schema }, '#/components/schemas/', name);
    validators.set(name, validate);
  }
  return listFaults(validate, value);
}

/** What is wrong with an event by GitHub's own schema, for example of `pull_request$opened`. */
export function findEventFaults(schemaName: string, value: unknown): string[] {
  let validate = validators.get(`event ${schemaName}`);
  if (validate === undefined) {
    validate = compile(readEventSchemas(), '#/definitions/', schemaName);
    validators.set(`event ${schemaName}`, validate);
  }
  return listFaults(validate, value);
}

function listFaults(validate: ValidateFunction, value: unknown): string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

/** Compiles one schema with what it refers to, and nothing else of the hundreds. */
function compile(all: Schema, prefix: string, name: string): ValidateFunction {
  const definitions: Schema = {};
  const wanted = [name];
  for (let next = wanted.pop(); next !== undefined; next = wanted.pop()) {
    if (next in definitions) continue;
    if (!(next in all)) throw new Error(`GitHub publishes no schema "${next}"`);
    definitions[next] = asJsonSchema(all[next], (reference) => {
      const target = reference.slice(prefix.length);
      wanted.push(target);
      return `#/definitions/${target}`;
    });
  }
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  return ajv.compile({ definitions, ...(definitions[name] as object) });
}

/** OpenAPI 3.0 says `nullable` where JSON Schema lists null among types and values. */
function asJsonSchema(value: unknown, refer: (reference: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => asJsonSchema(item, refer));
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, example: _example, examples: _examples, ...rest } = value as Schema;
  if (typeof rest['$ref'] === 'string') rest['$ref'] = refer(rest['$ref']);
  const entries = Object.entries(rest).map(([key, part]): [string, unknown] =>
    key === 'enum' || key === 'const' || key === 'default' ? [key, part] : [key, asJsonSchema(part, refer)],
  );
  const schema: Schema = Object.fromEntries(entries);
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema;
}
