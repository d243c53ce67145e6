// What the first view of the dashboard may weigh: whoever adds to the shell is told here, not by a slow phone.
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { buildWeb } from './build-web.ts';
import { ROOT } from './root.ts';

interface Chunk {
  file: string;
  name?: string;
  imports?: string[];
  css?: string[];
}

const kibibyte = 1024;
// Until the network is quiet a page may load 120 KiB of JavaScript; tiles, menus and the live channel are 18 of them.
const budgets = { script: 102 * kibibyte, style: 12 * kibibyte };
const dist = path.join(ROOT, 'apps/web/dist');

await buildWeb();
const manifest = JSON.parse(readFileSync(path.join(dist, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>;
const firstView = listFirstView();
const weights = {
  script: weigh(firstView.map((chunk) => chunk.file).filter((file) => file.endsWith('.js'))),
  style: weigh(
    firstView.flatMap((chunk) => [chunk.file, ...(chunk.css ?? [])]).filter((file) => file.endsWith('.css')),
  ),
};
for (const [kind, limit] of Object.entries(budgets)) {
  const weight = weights[kind as keyof typeof weights];
  console.log(`${kind}: ${weight} of ${limit} bytes, gzip`);
  if (weight > limit) process.exitCode = 1;
}

/** The entry, the shell that it opens, the look of the frame, and everything those cannot run without; tiles and menus come after the first paint. */
function listFirstView(): Chunk[] {
  const shell = Object.keys(manifest).find((key) => manifest[key]?.name === 'shell');
  const look = 'src/frame/framed.css';
  if (shell === undefined || manifest['index.html'] === undefined || manifest[look] === undefined)
    throw new Error('the build has no entry, no shell or no look of the frame');
  const found = new Set<string>();
  const wanted = ['index.html', shell, look];
  for (let key = wanted.pop(); key !== undefined; key = wanted.pop()) {
    if (found.has(key)) continue;
    found.add(key);
    wanted.push(...(manifest[key]?.imports ?? []));
  }
  return [...found].flatMap((key) => manifest[key] ?? []);
}

function weigh(files: string[]): number {
  return files.reduce((sum, file) => sum + statSync(path.join(dist, `${file}.gz`)).size, 0);
}
