import { launch } from './bootstrap.mjs';

await launch('apps/server/src/main.ts', process.argv.slice(2));
