import { defineConfig } from 'vitest/config';

// A developer's own settings must not lead a test to a real database.
for (const name of Object.keys(process.env)) {
  if (/^(DATABASE_|REDIS_|DEVPULSE_|PORT$|LOG_LEVEL$)/.test(name)) delete process.env[name];
}

const patience = { testTimeout: 60_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    // A forgotten `.only` would turn the whole suite into one test that passes.
    allowOnly: false,
    passWithNoTests: false,
    projects: [
      {
        test: {
          name: 'suite',
          include: ['{apps,packages,connectors,metrics}/**/*.test.ts'],
          globalSetup: ['./test/global-setup.ts'],
          ...patience,
        },
      },
      // The repository itself; needs no database, but runs whole commands on copies of the tree.
      {
        test: {
          name: 'repository',
          include: ['{test,tools}/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
