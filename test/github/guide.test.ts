import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { pageRoutes } from './front/pages.ts';
import { apiRoutes } from './routes/all-routes.ts';

it('the guide lists what the front answers, and nothing else', () => {
  const guide = readFileSync(path.join(import.meta.dirname, '../../docs/guides/github-counterpart.md'), 'utf8');
  const listed = [...guide.matchAll(/^- `([A-Z]+ \/\S+)`$/gm)].map(([, line]) => line ?? '');
  const answered = [...pageRoutes, ...apiRoutes].map(({ method, pattern }) => `${method} ${pattern}`);
  expect(listed.toSorted()).toEqual(answered.toSorted());
});
