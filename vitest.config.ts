import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// A developer's own settings must not lead a test to a real database.
for (const name of Object.keys(process.env)) {
  if (/^(DATABASE_|REDIS_|DEVPULSE_|PORT$|LOG_LEVEL$)/.test(name)) delete process.env[name];
}

const patience = { testTimeout: 60_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    // Tests mostly wait for a database; one worker alone leaves half of a small machine idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
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
      // What a person does, in a browser. One after the other: each has a program, a PostgreSQL and a browser of its own.
      {
        test: {
          name: 'journeys',
          include: ['test/journeys/*.test.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
