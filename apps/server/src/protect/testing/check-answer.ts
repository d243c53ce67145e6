import type { LightMyRequestResponse } from 'fastify';
import { z } from 'zod';
import type { ApiDocument, ApiOperation } from '../../reference/api-document.ts';

type Check = (body: unknown) => string | null;

/** Holds answers against the document: their status, their type and every field of their bodies. */
export function openAnswerCheck(
  document: ApiDocument,
): (operation: ApiOperation, answer: LightMyRequestResponse) => string | null {
  const checks = new Map<unknown, Check>();
  const checkOf = (schema: unknown): Check => {
    const known = checks.get(schema) ?? compile(schema, document);
    checks.set(schema, known);
    return known;
  };
  return (operation, answer) => {
    const described = operation.responses[String(answer.statusCode)];
    if (described === undefined) return `answers ${answer.statusCode}, which the document does not name`;
    const type = (answer.headers['content-type'] ?? '').split(';')[0] ?? '';
    const content = described.content ?? {};
    if (Object.keys(content).length === 0) return answer.body === '' ? null : 'has a body where the document has none';
    const found = content[type] as { schema?: unknown } | undefined;
    if (found === undefined) return `is of type "${type}", the document says ${Object.keys(content).join(' or ')}`;
    // Lines of JSON (`x-ndjson`) are a text.
    if (!/[/+]json$/.test(type)) return null;
    return checkOf(found.schema)(JSON.parse(answer.body));
  };
}

function compile(schema: unknown, document: ApiDocument): Check {
  const text = JSON.stringify({ ...(schema as object), $defs: document.components.schemas });
  const local = JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')) as Parameters<
    typeof z.fromJSONSchema
  >[0];
  const compiled = z.fromJSONSchema(local);
  return (body) => {
    const { error } = compiled.safeParse(body);
    const issue = error?.issues[0];
    return issue === undefined
      ? null
      : `has a body that is not as described: ${issue.path.join('.')}: ${issue.message}`;
  };
}
