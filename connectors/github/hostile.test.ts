import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventActions } from './actions.ts';
import { buildEnvelope } from './envelope.ts';
import { shapes } from './shapes.ts';
import { listExampleAnswers } from './testing/example-answers.ts';
import { listExampleEvents } from './testing/example-events.ts';
import { factsOf, parseBody, parseBytes } from './testing/read-facts.ts';

const by = { host: 'github.com', repository: { id: 1, fullName: 'o/r' }, at: new Date('2026-02-03T04:06:00Z') };

const bodies: { kind: string; body: unknown }[] = [
  ...listExampleEvents().map(({ event, body }) => ({ kind: `hook.${event}`, body })),
  ...listExampleAnswers().map(({ shape, data, extra }) => ({
    kind: `api.${shape}`,
    body: JSON.parse(Buffer.from(buildEnvelope(shape, by, data, extra).body).toString()) as unknown,
  })),
].filter(({ kind }) => kind.startsWith('api.') || tellsAny(kind.slice('hook.'.length)));

function tellsAny(event: string): boolean {
  return [...(eventActions.get(event)?.values() ?? [])].some((tells) => 'tells' in tells);
}

/** Every place in a body that a hand could change. */
function listPlaces(value: unknown, depth = 0): (string | number)[][] {
  if (typeof value !== 'object' || value === null || depth > 5) return [];
  return Object.entries(value).flatMap(([key, part]) => [
    [key],
    ...listPlaces(part, depth + 1).map((place) => [key, ...place]),
  ]);
}

const places = bodies.map(({ body }) => listPlaces(body));

function change(body: unknown, place: (string | number)[], to: unknown): unknown {
  const copy = structuredClone(body);
  let at = copy as Record<string | number, unknown>;
  for (const key of place.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  const last = place.at(-1) ?? '';
  if (to === undefined) delete at[last];
  else at[last] = to;
  return copy;
}

const strange = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom<unknown>(
    null,
    '',
    0,
    -1,
    1.5,
    1e308,
    true,
    [],
    {},
    '__proto__',
    '2026-99-99T00:00:00Z',
    'x'.repeat(20_000),
  ),
  fc.constantFrom('a\u0000b', '\ud800', '9999999999-01-01T00:00:00Z', 'https://', 'javascript:alert(1)'),
);

describe('what is not as GitHub sends it', () => {
  it('gives facts in the right shapes, is refused, or tells nothing', () => {
    const ends = new Set<string>();
    fc.assert(
      fc.property(fc.nat(bodies.length - 1), fc.nat(), strange, (which, spot, to) => {
        const { kind, body } = bodies[which] ?? { kind: '', body: {} };
        const all = places[which] ?? [];
        const changed = change(body, all[spot % all.length] ?? [], to);
        const told = parseBody(kind, changed);
        ends.add(Object.keys(told).join(' '));
        if (!('facts' in told)) return;
        factsOf(kind, changed);
        // JSON writes a lone surrogate as an escape, and NUL as well.
        expect(JSON.stringify(told)).not.toMatch(/\\u0000|\\ud[89a-f]/i);
      }),
      { numRuns: 1500 },
    );
    expect([...ends].toSorted()).toEqual(['facts', 'ignored', 'malformed']);
  });

  it('is refused when it is no JSON at all', () => {
    const kinds = ['hook.push', 'hook.pull_request', ...Object.keys(shapes).map((shape) => `api.${shape}`)];
    for (const kind of kinds) {
      for (const body of ['', '[]', 'null', '1', '"x"', '{', '{"action":"opened"}']) {
        expect(Object.keys(parseBytes(kind, Buffer.from(body))).join()).toMatch(/^(malformed|ignored)$/);
      }
      expect(parseBytes(kind, Buffer.from([0xff, 0xfe, 0x00]))).toEqual({ malformed: 'the body is no JSON in UTF-8' });
    }
  });

  it('does not take long, however deep or long', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(parseBytes('hook.push', Buffer.from(`{"ref":${deep}}`))).toHaveProperty('malformed');
    const text = Buffer.from(JSON.stringify({ ref: ' \n:'.repeat(2_000_000) }));
    expect(parseBytes('hook.push', text)).toHaveProperty('malformed');
  });
});
