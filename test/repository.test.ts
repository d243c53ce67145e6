import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describeConfig } from '@devpulse/server/config';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../tools/run-program.ts';
import { ROOT } from '../tools/root.ts';
import * as rules from './repository-rules.ts';

describe('the repository', () => {
  it('has fresh generated files', async () => {
    const result = await runProgram(process.execPath, ['tools/gen.ts', '--check']);
    expect(result).toEqual({ ok: true, output: '' });
  });

  it('tells the two commands in its README', () => {
    const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
    expect(readme).toMatch(/^npm start$/m);
    expect(readme).toMatch(/^npm test$/m);
  });

  it('documents only commands that exist', () => {
    expect(rules.findMissingCommands(ROOT)).toEqual([]);
    expect(rules.findMissingScripts(ROOT)).toEqual([]);
  });

  it('numbers its migrations from 0001 without gaps or doubles', () => {
    expect(rules.findMigrationFaults(ROOT)).toEqual([]);
  });

  it('names no registry in the lockfile', () => {
    expect(rules.findRegistryAddresses(ROOT)).toEqual([]);
  });

  it('pins every dependency to an exact version', () => {
    expect(rules.findInexactVersions(ROOT)).toEqual([]);
  });

  it('has a lockfile that says what the packages say', () => {
    expect(rules.findLockFaults(ROOT)).toEqual([]);
  });

  it('documents every environment variable', () => {
    const variables = describeConfig().map((entry) => entry.variable);
    expect(variables).not.toEqual([]);
    expect(rules.findUndocumentedVariables(ROOT, variables)).toEqual([]);
    expect(rules.findUnknownVariables(ROOT, variables)).toEqual([]);
    const fewer = variables.filter((variable) => variable !== 'DEVPULSE_URL');
    expect(rules.findUnknownVariables(ROOT, fewer)).not.toEqual([]);
  });

  it('holds no token that could be somebody’s', () => {
    expect(rules.findTokens(ROOT)).toEqual([]);
  });

  it('links only to files that exist', () => {
    expect(rules.findBrokenLinks(ROOT)).toEqual([]);
  });

  it('keeps files within the size rules', () => {
    expect(rules.findOversizedFiles(ROOT)).toEqual([]);
  });

  it('says in one sentence what each package is for', () => {
    expect(rules.findPackagesWithoutSentence(ROOT)).toEqual([]);
  });

  it('can be set up from Node 20', () => {
    expect(rules.readManifest(ROOT, 'package.json').engines).toEqual({ node: '>=20' });
  });

  it('runs nothing softer than npm test in CI', () => {
    const lines = readFileSync(path.join(ROOT, '.ci/run'), 'utf8').split('\n');
    expect(lines.filter((line) => /^npm test$/.test(line))).toHaveLength(1);
    expect(lines.filter((line) => /\|\||\btrue\b|--only|skip/.test(line))).toEqual([]);
    expect(lines).toContain('set -euo pipefail');
  });
});
