import { launch } from './bootstrap.mjs';

await launch('tools/test-all.ts', process.argv.slice(2));
