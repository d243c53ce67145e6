import { availableParallelism } from 'node:os';
import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';
import { findUnboundTests, SERVER_VARIABLES } from './tools/find-unbound-tests.ts';
import { ROOT } from './tools/root.ts';

// A developer's own settings must not lead a test to a real database.
for (const name of Object.keys(process.env)) {
  if (/^(DATABASE_|REDIS_|DEVPULSE_|PORT$|LOG_LEVEL$)/.test(name)) delete process.env[name];
}

const unbound = { files: findUnboundTests().map((file) => path.join(ROOT, file)), variables: [...SERVER_VARIABLES] };
const patience = { testTimeout: 60_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    // Tests mostly wait: for a database, a program, a browser. As many as there are processors leave a third of them idle.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    // A forgotten `.only` would turn the whole suite into one test that passes.
    allowOnly: false,
    passWithNoTests: false,
    projects: [
      {
        test: {
          name: 'suite',
          include: [
            '{apps,packages,connectors,metrics,widgets,bench}/**/*.test.{ts,tsx}',
            'test/scenarios/**/*.test.ts',
          ],
          globalSetup: ['./test/global-setup.ts'],
          setupFiles: ['./test/hide-servers.ts'],
          provide: { unbound },
          ...patience,
        },
      },
      // The repository itself; needs no database, but runs whole commands on copies of the tree.
      {
        test: {
          name: 'repository',
          include: ['{test,tools}/**/*.test.ts'],
          exclude: ['test/scenarios/**', 'test/journeys/**', '**/node_modules/**'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      // What a person does, in a browser. Each has a program, a PostgreSQL and a browser of its own, which wait for each
      // other most of the time; more than two such sets at once would crowd a small machine.
      {
        test: {
          name: 'journeys',
          include: ['test/journeys/*.test.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
