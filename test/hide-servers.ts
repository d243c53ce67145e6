import { expect, inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** The test files that never come near the servers of a run, and what they shall not see of them. */
    unbound: { files: string[]; variables: string[] };
  }
}

// A test that counts as unbound runs on one leg only. Should the reckoning be wrong, it fails here for want of a server.
const { files, variables } = inject('unbound');
if (files.includes(expect.getState().testPath ?? '')) for (const name of variables) delete process.env[name];
