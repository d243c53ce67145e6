import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plant, removeTree } from '../planted-tree.ts';
import { areInstalled } from './ensure-github-schemas.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'devpulse-schemas-'));
});
afterAll(() => removeTree(folder));

function lockOf(version: string): string {
  return JSON.stringify({ packages: { '': { version: '0.0.0' }, 'node_modules/shapes': { version, integrity: 'x' } } });
}

describe('areInstalled', () => {
  it('believes what npm noted down at the end of its work, for the versions that the lockfile names', () => {
    plant(folder, { 'package-lock.json': lockOf('1.0.0') });
    expect(areInstalled(folder)).toBe(false);
    plant(folder, { 'node_modules/.package-lock.json': lockOf('0.9.0') });
    expect(areInstalled(folder)).toBe(false);
    plant(folder, { 'node_modules/.package-lock.json': lockOf('1.0.0') });
    expect(areInstalled(folder)).toBe(true);
  });
});
