// `npm run gen`: writes what is derived from the code (registries, reference docs). Each file in tools/gen/ makes one
// kind of them. `--check` writes nothing, names what is stale and exits 1.
import { existsSync, globSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { GeneratedFile } from './generated-file.ts';
import { ROOT } from './root.ts';

interface Generator {
  generate(): Promise<GeneratedFile[]>;
}

const isCheck = process.argv.includes('--check');
const { files, faults } = await generateAll();
const changed: string[] = [];
for (const file of files) {
  if ((await readIfThere(file.path)) === file.content) continue;
  changed.push(file.path);
  if (!isCheck) await writeGenerated(file);
}
// What a broken generator would have made is not known, so nothing can be told to be left over.
for (const leftover of faults.length > 0 ? [] : findLeftovers(files)) {
  changed.push(`${leftover} (nothing makes it any more)`);
  if (!isCheck) await rm(path.join(ROOT, leftover));
}
for (const name of changed) console.log(isCheck ? `stale: ${name}` : `written: ${name}`);
for (const fault of faults) console.error(fault);
if (isCheck && changed.length > 0) console.log('Run `npm run gen` and commit what it writes.');
process.exitCode = faults.length > 0 || (isCheck && changed.length > 0) ? 1 : 0;

async function generateAll(): Promise<{ files: GeneratedFile[]; faults: string[] }> {
  const made: GeneratedFile[] = [];
  const broken: string[] = [];
  for (const name of globSync('tools/gen/*.ts', { cwd: ROOT, exclude: ['**/*.test.ts'] }).toSorted()) {
    try {
      const generator = (await import(pathToFileURL(path.join(ROOT, name)).href)) as Generator;
      made.push(...(await generator.generate()));
    } catch (error) {
      broken.push(
        `${name} cannot make its files: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    }
  }
  return { files: made, faults: broken };
}

async function readIfThere(name: string): Promise<string | null> {
  const file = path.join(ROOT, name);
  return existsSync(file) ? readFile(file, 'utf8') : null;
}

async function writeGenerated(file: GeneratedFile): Promise<void> {
  const target = path.join(ROOT, file.path);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, file.content);
}

/** Everything in docs/generated is generated, so a file there that nobody made is a leftover of a removed generator. */
function findLeftovers(made: GeneratedFile[]): string[] {
  const kept = new Set(made.map((file) => file.path));
  const present = globSync('docs/generated/**', { cwd: ROOT, withFileTypes: true }).filter((entry) => entry.isFile());
  const names = present.map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)));
  return names.map((name) => name.split(path.sep).join('/')).filter((name) => !kept.has(name));
}
