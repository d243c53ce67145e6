import type { ParseResult } from '@devpulse/contract/connector';
import { MalformedEvent } from '@devpulse/contract/drop-reasons';
import type { RawEvent } from '@devpulse/contract/raw-event';
import { z } from 'zod';
import { cleanText } from '../_text/clean-text.ts';
import { parseCommit } from './parse-commit.ts';

const key = z.string().min(1).max(512).transform(cleanText);
const text = z.string().transform(cleanText);
const snapshot = z.number().int().nonnegative();
const sha = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'a commit id has 40 or 64 hexadecimal digits');

const repositoryBody = z.object({
  repository: key,
  path: text,
  name: text,
  url: text.nullable(),
  defaultBranch: text.nullable(),
  observedAt: z.iso.datetime(),
});
const reachBody = z.object({
  repository: key,
  snapshot,
  reachable: z.boolean(),
  shas: z.array(sha).max(2000),
});
const baselineBody = z.object({ repository: key, snapshot });

/** Raw event to facts: pure, no I/O, no clock. */
export function parse(event: RawEvent): ParseResult {
  switch (event.kind) {
    case 'commit':
      return { facts: [parseCommit(event.body)] };
    case 'reach':
      return { facts: [{ fact: 'reach', ...readJson(reachBody, event.body) }] };
    case 'reach-baseline':
      return { facts: [{ fact: 'reach-baseline', ...readJson(baselineBody, event.body) }] };
    case 'repository': {
      const { repository, name, url, defaultBranch, observedAt } = readJson(repositoryBody, event.body);
      return {
        facts: [{ fact: 'repository', key: repository, name, url, defaultBranch, state: 'active', observedAt }],
      };
    }
    default:
      return { ignored: 'unknown_kind' };
  }
}

function readJson<Body>(schema: z.ZodType<Body>, body: Uint8Array): Body {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw new MalformedEvent('the body is no JSON in UTF-8', { cause });
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new MalformedEvent(`${issue?.path.join('.') || 'the body'}: ${issue?.message ?? 'not as documented'}`);
}
