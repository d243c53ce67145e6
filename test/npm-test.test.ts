import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyRepository, plant, removeTree } from './planted-tree.ts';

const run = promisify(execFile);
const head = "import { expect, it } from 'vitest';\n";

describe('npm test', () => {
  let root: string;
  let output: string;
  let code: number | undefined;

  beforeAll(async () => {
    root = copyRepository();
    // The legs are looked at here, not what they find: the less there is, the sooner they are through.
    for (const folder of globSync(['apps/*/src', 'bench/*/', 'connectors/*/', 'metrics/*/', 'widgets/*/'], {
      cwd: root,
    })) {
      removeTree(path.join(root, folder));
    }
    for (const file of globSync('{packages,test,tools}/**/*.test.{ts,tsx}', { cwd: root })) {
      removeTree(path.join(root, file));
    }
    plant(root, {
      'apps/web/index.html': '<!doctype html><title>Planted</title>',
      'test/journeys/planted.test.ts': `${head}it('walks', () => expect(process.env['TEST_DATABASE_URL']).toBeUndefined());\n`,
      'packages/db/src/planted-one.test.ts': `${head}it('passes', () => expect(1).toBe(1));\nit('fails', () => expect(1).toBe(2));\n`,
      'packages/db/src/planted-two.test.ts': `${head}throw new Error('cannot be loaded');\n`,
      'packages/db/src/planted-three.test.ts': `${head}it.skipIf(true)('cannot run here', () => expect(1).toBe(1));\n`,
      // Fails where the servers are not told to the tests.
      'packages/db/src/planted-four.test.ts': `${head}it.runIf(process.env['TEST_DATABASE_URL'])('sees the servers', () => {
        expect(process.env['TEST_DATABASE_URL']).toMatch(/^postgres:/);
        expect(process.env['TEST_REDIS_URL']).toMatch(/^redis:/);
      });\n`,
      'packages/db/src/planted-five.test.ts': `${head}it('fails on both', () => expect(process.env['TEST_DATABASE_URL']).toBe(1));\n`,
    });
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST|NODE_ENV$)/.test(name)),
    );
    const answer = await run(process.execPath, ['tools/test.mjs'], {
      cwd: root,
      env,
      maxBuffer: 64 * 1024 * 1024,
    }).catch((error: { stdout: string; code: number }) => error);
    output = answer.stdout;
    code = 'code' in answer ? answer.code : 0;
  });

  afterAll(() => removeTree(root));

  it('runs all legs although one failed, and counts a file that cannot be loaded as a failure', () => {
    expect(output).toMatch(/^static checks: \d+ passed, [1-9]\d* failed, \d+ s$/m);
    expect(output).toMatch(/^tests on the embedded PostgreSQL: 1 passed, 3 failed, \d+ s$/m);
    expect(output).toMatch(/^tests on an external PostgreSQL and with Redis: 1 passed, 1 failed, \d+ s$/m);
    expect(output).toMatch(/^journeys through a browser: 1 passed, 0 failed, \d+ s$/m);
  });

  it('names what it does not run a second time, since it knows nothing of the servers', () => {
    expect(output).toContain(
      '\n3 test files come near neither PostgreSQL nor Redis of a run; the other leg runs them:\n',
    );
    expect(output).toContain('\n  packages/db/src: planted-one, planted-three, planted-two\n');
  });

  it('names what ran on no leg, and only that', () => {
    expect(output).toContain(
      '\nOn this machine no leg ran:\n  packages/db/src/planted-three.test.ts: cannot run here\n',
    );
    expect(output).not.toContain('planted-four.test.ts: sees the servers\n');
  });

  it('ends with one line that adds up all legs, and fails', () => {
    const counts = [...output.matchAll(/^[a-z][\w ]+: (\d+) passed, (\d+) failed, \d+ s$/gim)];
    const passed = counts.reduce((sum, match) => sum + Number(match[1]), 0);
    const failed = counts.reduce((sum, match) => sum + Number(match[2]), 0);
    expect(output.trimEnd().split('\n').at(-1)).toBe(`${passed} passed, ${failed} failed`);
    expect(output.match(/^\d+ passed, \d+ failed$/gm)).toHaveLength(1);
    expect(code).toBe(1);
  });
});
