import { describe, expect, it } from 'vitest';
import { readAddress, resolveAddress, writeAddress } from './address.ts';

const here = { pathname: '/repositories', search: { search: 'engine', receipt: 'commits' }, hash: 'top' };

describe('an address', () => {
  it('is read and written back', () => {
    const text = '/repositories?search=engine+room&range=4w#one';
    const url = new URL(text, 'http://localhost');
    expect(writeAddress(readAddress(url))).toBe(text);
    expect(readAddress(new URL('http://localhost/sources//')).pathname).toBe('/sources');
    expect(readAddress(new URL('http://localhost/')).pathname).toBe('/');
  });

  it('keeps of the one before only what is asked for', () => {
    expect(resolveAddress({ to: '/sources' }, here)).toEqual({ pathname: '/sources', search: {}, hash: '' });
    const kept = resolveAddress({ to: '.', search: (before) => ({ ...before, receipt: undefined }) }, here);
    expect(writeAddress(kept)).toBe('/repositories?search=engine');
    expect(writeAddress(resolveAddress({ to: '/', search: { range: '4w' }, hash: 'x' }, here))).toBe('/?range=4w#x');
  });
});
