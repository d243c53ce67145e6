import { readGraphqlSchema } from '../../github-schemas/published.ts';
import { buildSchema, execute, parse, validate, type DocumentNode, type GraphQLSchema } from 'graphql';
import type { Ask } from '../front/state.ts';
import { rootOf } from './root.ts';

let schema: GraphQLSchema | undefined;

/** GitHub's own schema, read once: it is a megabyte. */
function publishedSchema(): GraphQLSchema {
  schema ??= buildSchema(readGraphqlSchema(), { assumeValid: true });
  return schema;
}

const documents = new Map<string, DocumentNode>();

/** The same query comes thousands of times with other variables. */
function readDocument(query: string): DocumentNode {
  const known = documents.get(query);
  if (known !== undefined) return known;
  const document = parse(query);
  const [error] = validate(publishedSchema(), document);
  if (error !== undefined) throw error;
  documents.set(query, document);
  return document;
}

interface Answer {
  data?: unknown;
  errors?: { type?: unknown; path?: unknown; message: string }[];
}

export async function runQuery(ask: Ask, query: string, variables: Record<string, unknown>): Promise<Answer> {
  const fault = ask.state.graphql.faults.shift();
  if (fault === 'RATE_LIMITED') return { errors: [{ type: fault, message: 'API rate limit exceeded.' }] };
  try {
    const result = await execute({
      schema: publishedSchema(),
      document: readDocument(query),
      rootValue: rootOf(ask),
      variableValues: variables,
    });
    const errors = (result.errors ?? []).map(({ message, path, extensions }) => ({
      ...(extensions['type'] === undefined ? {} : { type: extensions['type'] }),
      ...(path === undefined ? {} : { path }),
      message,
    }));
    const answer = { data: result.data, ...(errors.length > 0 ? { errors } : {}) };
    return fault === 'partial' ? withHole(answer) : answer;
  } catch (error) {
    return { errors: [{ message: error instanceof Error ? error.message : String(error) }] };
  }
}

/** Takes the last node out of the first list that has any, as GitHub does when it ran out of time. */
function withHole(answer: Answer): Answer {
  const data = structuredClone(answer.data);
  const path = breakList(data, []);
  const message =
    'Something went wrong while executing your query. Please include `0000:0000` when reporting this issue.';
  return { data, errors: [...(answer.errors ?? []), { path: path ?? [], message }] };
}

function breakList(value: unknown, path: (string | number)[]): (string | number)[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, child] of Object.entries(value)) {
    if (name === 'nodes' && Array.isArray(child) && child.length > 0) {
      child[child.length - 1] = null;
      return [...path, name, child.length - 1];
    }
    const found = breakList(child, [...path, name]);
    if (found !== undefined) return found;
  }
  return undefined;
}
