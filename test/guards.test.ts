import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeToken } from '@devpulse/server/tokens/token-format';
import { copyRepository, plant, removeTree } from './planted-tree.ts';
import * as rules from './repository-rules.ts';

const run = promisify(execFile);
const lines = (count: number): string =>
  Array.from({ length: count }, (_, n) => `export const line${n} = ${n};`).join('\n');
const statements = (count: number): string => Array.from({ length: count }, (_, n) => `  sum += ${n};`).join('\n');
const testFile = (body: string): string => `import { expect, it } from 'vitest';\n${body}\n`;

/** Each file breaks one rule of the linter. */
const lintFaults: [rule: string, file: string, content: string][] = [
  ['max-lines', 'packages/contract/src/planted-long.ts', lines(401)],
  ['max-lines', 'packages/contract/src/planted-long.test.ts', lines(601)],
  [
    'max-lines-per-function',
    'packages/db/src/planted-function.ts',
    `export function add(): number {\n  let sum = 0;\n${statements(70)}\n  return sum;\n}\n`,
  ],
  [
    'max-params',
    'packages/db/src/planted-params.ts',
    'export const add = (a: 1, b: 1, c: 1, d: 1, e: 1): number => a + b + c + d + e;\n',
  ],
  [
    'no-floating-promises',
    'packages/db/src/planted-promise.ts',
    'export function start(): void {\n  Promise.resolve(1);\n}\n',
  ],
  ['no-explicit-any', 'packages/db/src/planted-any.ts', 'export const value: any = 1;\n'],
  ['no-default-export', 'packages/db/src/planted-default.ts', 'const value = 1;\nexport default value;\n'],
  ['no-reexport', 'packages/db/src/planted-barrel.ts', "export { newId } from './ids.ts';\n"],
  ['telling-file-name', 'packages/db/src/utils.ts', 'export const value = 1;\n'],
  ['no-console', 'packages/db/src/planted-console.ts', "console.log('here');\n"],
  ['no-process-env', 'apps/server/src/planted-env.ts', "export const port = process.env['PORT'];\n"],
  [
    'no-restricted-imports',
    'apps/server/src/planted-env-import.ts',
    "import { env } from 'node:process';\nexport const port = env['PORT'];\n",
  ],
  [
    'no-warning-comments',
    'packages/db/src/planted-later.ts',
    `// ${['TO', 'DO'].join('')}: later\nexport const value = 1;\n`,
  ],
  [
    'no-clock',
    'connectors/planted/parse.ts',
    "import { read } from './reader.ts';\nexport const parse = (): unknown => [read, new Date()];\n",
  ],
  ['no-clock', 'metrics/planted/metric.ts', 'export const metric = { at: Date.now() };\n'],
  ['no-disabled-tests', 'test/planted-skip.test.ts', testFile("it.skip('runs', () => expect(1).toBe(1));")],
  ['no-focused-tests', 'test/planted-only.test.ts', testFile("it.only('runs', () => expect(1).toBe(1));")],
];

/** Each import is missing in the allow-list, or forbidden for another reason. */
const importFaults: [rule: string, from: string, to: string, content: string][] = [
  [
    'not-in-allowed',
    'packages/contract/src/planted-db.ts',
    'packages/db/src/ids.ts',
    "export type { newId } from '@devpulse/db/ids';\n",
  ],
  [
    'not-in-allowed',
    'packages/pipeline/src/serve/planted.ts',
    'packages/pipeline/src/capture/planted.ts',
    "import { value } from '../capture/planted.ts';\nexport const copy = value;\n",
  ],
  [
    'not-in-allowed',
    'packages/pipeline/src/planted.ts',
    'packages/db/src/ids.ts',
    "import { newId } from '@devpulse/db/ids';\nexport const id = newId();\n",
  ],
  [
    'not-in-allowed',
    'connectors/planted/other.ts',
    'connectors/planted-two/parse.ts',
    "import { parse } from '../planted-two/parse.ts';\nexport const other = parse;\n",
  ],
  [
    'not-in-allowed',
    'connectors/planted/store.ts',
    'packages/db/src/ids.ts',
    "import { newId } from '@devpulse/db/ids';\nexport const id = newId();\n",
  ],
  [
    'not-in-allowed',
    'metrics/planted/query.ts',
    'packages/db/src/ids.ts',
    "import { newId } from '@devpulse/db/ids';\nexport const id = newId();\n",
  ],
  [
    'not-in-allowed',
    'apps/server/src/planted-connector.ts',
    'connectors/planted-two/parse.ts',
    "import { parse } from '@devpulse/connectors/planted-two/parse';\nexport const direct = parse;\n",
  ],
  [
    'not-in-allowed',
    'packages/db/src/planted-undeclared.ts',
    'fastify',
    "import { fastify } from 'fastify';\nexport const app = fastify;\n",
  ],
  [
    'test-code-in-program',
    'apps/server/src/planted-test.ts',
    'packages/db/src/testing/test-store.ts',
    "import { createTestStore } from '@devpulse/db/testing/test-store';\nexport const store = createTestStore;\n",
  ],
  [
    'tool-in-program',
    'apps/server/src/planted-tool.ts',
    'tools/root.ts',
    "import { ROOT } from '../../../tools/root.ts';\nexport const root = ROOT;\n",
  ],
  [
    'io-in-contract',
    'packages/contract/src/planted-io.ts',
    'fs',
    "import { rmSync } from 'node:fs';\nexport const remove = rmSync;\n",
  ],
  [
    'unresolved',
    'packages/db/src/planted-nowhere.ts',
    './nowhere.ts',
    "import { value } from './nowhere.ts';\nexport const copy = value;\n",
  ],
];

const counterparts = {
  'packages/db/src/planted-circle.ts':
    "import { back } from './planted-circle-back.ts';\nexport const forth = (): unknown => back;\n",
  'packages/db/src/planted-declared.ts': "import { sql } from 'kysely';\nexport const query = sql;\n",
  'packages/pipeline/src/capture/planted.ts': 'export const value = 1;\n',
  'packages/db/src/planted-circle-back.ts':
    "import { forth } from './planted-circle.ts';\nexport const back = (): unknown => forth;\n",
  'connectors/planted-two/parse.ts': 'export const parse = 1;\n',
  'connectors/planted/reader.ts': "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n",
};

/** Breaks every rule that a check looks after. */
function plantFaults(root: string): void {
  for (const [, file, content] of lintFaults) plant(root, { [file]: content });
  for (const [, file, , content] of importFaults) plant(root, { [file]: content });
  plant(root, counterparts);
  plant(root, {
    'packages/db/src/planted-enum.ts': 'export enum Kind {\n  One,\n}\n',
    'packages/db/src/planted-type.ts': "export const size: number = 'large';\n",
    'packages/db/src/planted-index.ts': 'export const first = (list: string[]): string => list[0];\n',
    'tools/gen/planted.ts': "export const generate = (): never => { throw new Error('planted'); };\n",
    'packages/db/src/planted-format.ts': 'export const value = {a:1,\n  b : 2 }\n',
  });
  appendFileSync(path.join(root, 'connectors/registry.gen.ts'), '// by hand\n');
  plant(root, {
    'packages/ui/src/planted-type.tsx': 'export const Planted = () => <p title={1}>{document.body.nowhere}</p>;\n',
    'apps/web/src/planted-weight.ts': `export const weight = '${randomBytes(20_000).toString('hex')}';\n`,
  });
  appendFileSync(
    path.join(root, 'apps/web/src/main.ts'),
    "import { weight } from './planted-weight.ts';\ndocument.title = weight;\n",
  );
  addDependency(root, 'packages/queue/package.json', 'planted-unused');
}

// One copy for both: the checks are run once, over what the scaffolder made and over what is wrong.
describe('in a copy of the tree', () => {
  let root: string;
  let told = '';
  let stale: string;
  let newTests: Record<string, number>;
  let sections: Record<string, string>;
  const scaffold = (...args: string[]) => run(process.execPath, ['tools/new.ts', ...args], { cwd: root });

  beforeAll(async () => {
    root = copyRepository();
    for (const [kind, name] of [
      ['metric', 'planted_new'],
      ['connector', 'planted-new'],
      ['widget', 'planted_new'],
    ] as const) {
      told += (await scaffold(kind, name)).stdout;
    }
    stale = await run(process.execPath, ['tools/gen.ts', '--check'], { cwd: root }).then(
      ({ stdout }) => stdout,
      (error: { stdout: string }) => error.stdout,
    );
    newTests = await runNewTests(root);
    plantFaults(root);
    sections = await runChecks(root);
  });

  afterAll(() => removeTree(root));

  describe('npm run check', () => {
    it.each(lintFaults)('reports %s in %s', (rule, file) => {
      const reports = (sections['lint'] ?? '').split(/\n\s*\n/);
      expect(reports.filter((report) => report.includes(`(${rule})`) && report.includes(`[${file}:`))).not.toEqual([]);
    });

    it.each(importFaults)('reports %s from %s to %s', (rule, from, to) => {
      const reports = (sections['imports'] ?? '').split('\n');
      const mine = reports.filter((report) => report.startsWith(`${rule}: ${from} → `) && report.includes(to));
      expect(mine).not.toEqual([]);
    });

    it('reports a circle', () => {
      expect(sections['imports']).toMatch(/^circle: packages\/db\/src\/planted-circle.*planted-circle-back/m);
    });

    it('accepts what a package declares', () => {
      expect(sections['imports']).not.toContain('planted-declared');
    });

    it('reports I/O that parse reaches through another file', () => {
      expect(sections['imports']).toMatch(/io-in-parse: connectors\/planted\/parse\.ts → .*fs/);
    });

    it('reports what TypeScript refuses: enums, wrong types, unchecked indexes', () => {
      expect(sections['types']).toContain('packages/db/src/planted-enum.ts');
      expect(sections['types']).toContain('packages/db/src/planted-type.ts');
      expect(sections['types']).toContain('packages/db/src/planted-index.ts');
    });

    it('reports what TypeScript refuses in what runs in a browser', () => {
      expect(sections['types-web']).toContain('packages/ui/src/planted-type.tsx');
      expect(sections['types-web']).toContain('nowhere');
    });

    it('reports a first view that has become too heavy', () => {
      expect(sections['weight']).toMatch(/^weight of the first view … failed/);
      const weight = /^script: (\d+) of 104448 bytes, gzip$/m.exec(sections['weight'] ?? '')?.[1];
      expect(Number(weight)).toBeGreaterThan(104_448);
    });

    it('reports unused exports and dependencies', () => {
      expect(sections['unused']).toMatch(/packages\/db\/src\/planted-type\.ts/);
      expect(sections['unused']).toMatch(/planted-unused\s+packages\/queue\/package\.json/);
    });

    it('reports a file that is not formatted', () => {
      expect(sections['format']).toContain('packages/db/src/planted-format.ts');
    });

    it('reports generated files that were edited, and generators that fail', () => {
      expect(sections['generated']).toContain('stale: connectors/registry.gen.ts');
      expect(sections['generated']).toContain('tools/gen/planted.ts cannot make its files: Error: planted');
    });

    it('runs every check although the first failed, and sums up', () => {
      expect(Object.keys(sections)).toEqual([
        'generated',
        'format',
        'lint',
        'types',
        'types-web',
        'weight',
        'imports',
        'unused',
      ]);
      expect(sections['unused']).toContain(
        '8 failed: generated, format, lint, types, types-web, weight, imports, unused.',
      );
    });
  });

  describe('npm run new', () => {
    const mentions = (text: string): string[] => text.split('\n').filter((line) => /\/planted[-_]new\//.test(line));

    it('tells what it wrote and what to do next', () => {
      expect(told).toContain('written: metrics/planted_new/metric.sql\n');
      expect(told).toContain('written: connectors/planted-new/fixtures/repository.facts.json\n');
      expect(told).toContain('written: widgets/planted_new/view.tsx\n');
      expect(told.match(/Then: npm run gen, npm run check, npm test\./g)).toHaveLength(3);
    });

    it('makes folders that no check has anything to say about', () => {
      expect(mentions(Object.values(sections).join('\n'))).toEqual([]);
      expect(stale).toBe('');
      expect(readFileSync(path.join(root, 'metrics/registry.gen.ts'), 'utf8')).toContain("readQuery('planted_new')");
      expect(readFileSync(path.join(root, 'docs/generated/connectors.md'), 'utf8')).toContain('## planted-new');
      expect(readFileSync(path.join(root, 'docs/generated/widgets.md'), 'utf8')).toContain('## planted_new');
      expect(readFileSync(path.join(root, 'widgets/queries.gen.ts'), 'utf8')).toContain("'./planted_new/query.ts'");
      expect(readFileSync(path.join(root, 'widgets/views.gen.ts'), 'utf8')).toContain("'./planted_new/view.tsx'");
    });

    it('makes folders whose own tests pass, and that fit into all the others', () => {
      expect(newTests).toMatchObject({ numFailedTests: 0, numFailedTestSuites: 0 });
      expect(newTests['numPassedTests']).toBeGreaterThan(10);
    });

    it.each([
      [['metric', 'Planted'], 'cannot be a name'],
      [['metric', 'planted-new'], 'words joined by underscores'],
      [['connector', 'planted_new'], 'words joined by dashes'],
      [['connector', '../planted'], 'cannot be a name'],
      [['metric', 'commits'], 'metrics/commits exists already'],
      [['widget', 'planted-new'], 'words joined by underscores'],
      [['widget', 'totals'], 'widgets/totals exists already'],
      [['page', 'planted'], 'Usage: npm run new connector|metric|widget <name>'],
      [['toString', 'planted'], 'Usage: npm run new connector|metric|widget <name>'],
      [['metric'], 'Usage: npm run new connector|metric|widget <name>'],
    ])('refuses %j: %s', async (args, reason) => {
      await expect(scaffold(...args)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(reason) });
    });
  });
});

describe('npm run gen', () => {
  it('writes what is stale and removes what nothing makes any more', async () => {
    const root = copyRepository();
    try {
      plant(root, { 'docs/generated/planted.md': 'left behind\n', 'metrics/registry.gen.ts': 'by hand\n' });
      const gen = (...args: string[]) => run(process.execPath, ['tools/gen.ts', ...args], { cwd: root });
      const before = await gen('--check').catch((error: { stdout: string }) => error);
      expect(before.stdout).toContain('stale: metrics/registry.gen.ts\n');
      expect(before.stdout).toContain('stale: docs/generated/planted.md (nothing makes it any more)\n');
      await gen();
      expect((await gen('--check')).stdout).toBe('');
    } finally {
      removeTree(root);
    }
  });
});

describe('the import check', () => {
  it('fails when it looked at nothing', async () => {
    const root = copyRepository();
    try {
      for (const folder of ['apps', 'bench', 'connectors', 'metrics', 'packages', 'test', 'widgets'])
        removeTree(path.join(root, folder));
      const answer = await run(
        process.execPath,
        [
          '-e',
          `
        require('node:fs').renameSync('tools', 'moved');
        require('node:child_process').execFileSync(process.execPath, ['moved/check-imports.ts'], { stdio: 'inherit' });
      `,
        ],
        { cwd: root },
      ).catch((error: { stderr: string }) => error);
      expect(answer.stderr).toContain('no source file found');
    } finally {
      removeTree(root);
    }
  });
});

describe('the rules of the repository', () => {
  let root: string;

  beforeAll(() => {
    root = copyRepository();
  });

  afterAll(() => removeTree(root));

  it('report a registry address in the lockfile and in the settings of npm', () => {
    const lock = readFileSync(path.join(root, 'package-lock.json'), 'utf8');
    const address = 'https://registry.example.org/';
    const named = lock.replace('"license": "MIT"', `"license": "MIT",\n "resolved": "${address}zod.tgz"`);
    writeFileSync(path.join(root, 'package-lock.json'), named);
    appendFileSync(path.join(root, '.npmrc'), `registry=${address}\n`);
    expect(rules.findRegistryAddresses(root)).toEqual([`"resolved": "${address}zod.tgz",`, `registry=${address}`]);
  });

  it('report commands, scripts and links that lead nowhere', () => {
    const text =
      'Run `npm run planted` or [this](./nowhere.md#there), or [that](../README.md#nowhere).\n\n```sh\nnode tools/planted.ts\n```\n';
    plant(root, { 'docs/planted.md': text });
    expect(rules.findMissingCommands(root)).toContain('docs/planted.md: npm run planted');
    expect(rules.findMissingScripts(root)).toContain('docs/planted.md: tools/planted.ts');
    const links = ['docs/planted.md: ./nowhere.md#there', 'docs/planted.md: ../README.md#nowhere'];
    expect(rules.findBrokenLinks(root)).toEqual(expect.arrayContaining(links));
  });

  it('report migrations that are doubled, gapped or badly named', () => {
    const folder = 'packages/db/migrations';
    plant(root, { [`${folder}/0001_planted.sql`]: '', [`${folder}/9999_late.sql`]: '', [`${folder}/planted.sql`]: '' });
    const faults = rules.findMigrationFaults(root).join('\n');
    expect(faults).toMatch(/^planted\.sql: not named/m);
    expect(faults).toMatch(/^0001_planted\.sql: number 0002 expected/m);
    expect(faults).toMatch(/^9999_late\.sql: number/m);
  });

  it('report version ranges and packages that the lockfile does not know', () => {
    addDependency(root, 'packages/db/package.json', 'planted', '^1.0.0');
    expect(rules.findInexactVersions(root)).toEqual(['packages/db/package.json: planted ^1.0.0']);
    expect(rules.findLockFaults(root)).toEqual(['packages/db/package.json: planted ^1.0.0, in the lockfile missing']);
  });

  it('report a token with a check sum that is right, and no look-alike', () => {
    const [api, refresh] = [makeToken(), makeToken('refresh')];
    plant(root, { 'docs/leaked.md': `Try ${api}, or ${refresh}.`, 'docs/made-up.md': `dp_${'x'.repeat(38)}` });
    expect(rules.findTokens(root)).toEqual([
      `docs/leaked.md: ${api.slice(0, 9)}…`,
      `docs/leaked.md: ${refresh.slice(0, 9)}…`,
    ]);
  });

  it('report long files, packages without a sentence, and undocumented variables', () => {
    plant(root, { 'metrics/planted/metric.sql': 'select 1,\n'.repeat(401) });
    plant(root, { 'packages/planted/package.json': '{ "name": "@devpulse/planted" }' });
    expect(rules.findOversizedFiles(root)).toContain('metrics/planted/metric.sql: 401 lines, 400 allowed');
    expect(rules.findPackagesWithoutSentence(root)).toContain('packages/planted/package.json');
    expect(rules.findUndocumentedVariables(root, ['PLANTED'])).toEqual(['PLANTED']);
  });
});

/** Runs the tests of what the scaffolder made, and those that look at all of its kind. */
async function runNewTests(root: string): Promise<Record<string, number>> {
  const files = [
    'metrics/planted_new',
    'metrics/_golden',
    'connectors/planted-new',
    'widgets/planted_new',
    'widgets/testing',
  ];
  const flags = ['--project', 'suite', '--reporter=json', '--outputFile=report.json'];
  // A run inside of a run must not take itself for a part of it.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|NODE_ENV$)/.test(name)),
  );
  const options = { cwd: root, env, maxBuffer: 64 * 1024 * 1024 };
  await run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...flags, ...files], options).catch(
    () => undefined, // what failed stands in the report
  );
  return JSON.parse(readFileSync(path.join(root, 'report.json'), 'utf8')) as Record<string, number>;
}

/** Runs the checks of a planted tree and cuts their output at the lines that begin a check. */
async function runChecks(root: string): Promise<Record<string, string>> {
  const titles: Record<string, string> = {
    generated: 'generated files',
    format: 'format',
    lint: 'lint',
    'types-web': 'types of what',
    types: 'types',
    weight: 'weight',
    imports: 'imports',
    unused: 'no unused',
  };
  const options = { cwd: root, maxBuffer: 64 * 1024 * 1024 };
  const answer = await run(process.execPath, ['tools/check.ts'], options).catch((error: { stdout: string }) => error);
  const parts = answer.stdout.split(/^\d\/\d /m).slice(1);
  const found = parts.map((part) => [Object.keys(titles).find((name) => part.startsWith(titles[name] ?? '?')), part]);
  return Object.fromEntries(found) as Record<string, string>;
}

function addDependency(root: string, file: string, name: string, version = '1.0.0'): void {
  const manifest = JSON.parse(readFileSync(path.join(root, file), 'utf8')) as { dependencies: Record<string, string> };
  manifest.dependencies[name] = version;
  writeFileSync(path.join(root, file), `${JSON.stringify(manifest, null, 2)}\n`);
}
