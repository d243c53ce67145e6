import { describe, expect, it } from 'vitest';
import { prepareVisit } from './prepare-visit.ts';
import { findWay, listWays, redirect, type Route } from './route.ts';

type Told = string[];

function page(name: string): NonNullable<Route<Told>['component']> {
  return Object.assign(() => name, { preload: async () => undefined });
}

const deep: Route<Told> = {
  path: '/settings',
  component: page('settings'),
  beforeLoad: ({ context }) => void context.push('before settings'),
  loader: async ({ context }) => void context.push('settings'),
};
const gone: Route<Told> = {
  path: '/workspace',
  beforeLoad: () => redirect({ to: '/settings', replace: true }),
};
const broken: Route<Told> = {
  path: '/sources',
  component: page('sources'),
  loader: () => Promise.reject(new Error('no answer')),
};
const frame: Route<Told> = {
  component: page('frame'),
  beforeLoad: ({ context }) => void context.push('before frame'),
  loader: async ({ context, search }) => void context.push(`frame ${search['range'] ?? ''}`),
  children: [deep, gone, broken],
};
const root: Route<Told> = { children: [frame] };

function visit(pathname: string, context: Told = []) {
  return prepareVisit({ root, ways: listWays(root), context }, { pathname, search: { range: '4w' }, hash: '' });
}

describe('prepareVisit', () => {
  it('asks from the outside in, then loads side by side', async () => {
    const told: Told = [];
    expect(await visit('/settings', told)).toMatchObject({
      shown: { chain: [root, frame, deep], failure: null, found: true },
    });
    expect(told).toEqual(['before frame', 'before settings', 'frame 4w', 'settings']);
  });

  it('says where one is sent instead, and loads nothing', async () => {
    const told: Told = [];
    expect(await visit('/workspace', told)).toEqual({ redirect: { to: '/settings', replace: true } });
    expect(told).toEqual(['before frame']);
  });

  it('says how deep something failed, so that what stands around it can be drawn', async () => {
    expect(await visit('/sources')).toMatchObject({
      shown: { chain: [root, frame, broken], failure: { depth: 2, error: new Error('no answer') } },
    });
  });

  it('shows an address that leads nowhere without any frame', async () => {
    expect(await visit('/nowhere')).toMatchObject({ shown: { chain: [root], found: false } });
  });
});

describe('findWay', () => {
  it('takes a page that is named as it stands before one that leaves a part open', () => {
    const ways = listWays<Told>({ children: [{ path: '/teams/$team' }, { path: '/teams/new' }] });
    expect(findWay(ways, '/teams/new')?.path).toBe('/teams/new');
    expect(findWay(ways, '/teams/north')).toMatchObject({ path: '/teams/$team', params: { team: 'north' } });
  });
});
