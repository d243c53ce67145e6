import { launch } from './bootstrap.mjs';

await launch('apps/server/src/main.ts', ['serve', ...process.argv.slice(2)], ['tools/build-web.ts']);
