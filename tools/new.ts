// `npm run new connector|metric|widget <name>`: writes a folder that passes all checks as it is, to be changed from there.
import { existsSync, globSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from './root.ts';
import { findBin, runProgram } from './run-program.ts';

const kinds = {
  connector: {
    folder: 'connectors',
    name: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    rule: 'small letters and digits, words joined by dashes',
  },
  metric: {
    folder: 'metrics',
    name: /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/,
    rule: 'small letters and digits, words joined by underscores',
  },
  widget: {
    folder: 'widgets',
    name: /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/,
    rule: 'small letters and digits, words joined by underscores',
  },
} as const;

const usage = `Usage: npm run new ${Object.keys(kinds).join('|')} <name>`;

try {
  await scaffold(process.argv[2], process.argv[3]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function scaffold(kind: string | undefined, name: string | undefined): Promise<void> {
  if (!isKind(kind) || name === undefined) throw new Error(usage);
  const { folder, name: pattern, rule } = kinds[kind];
  if (!pattern.test(name) || name.length > 40) throw new Error(`"${name}" cannot be a name: ${rule}, at most 40.`);
  const target = `${folder}/${name}`;
  if (existsSync(path.join(ROOT, target))) throw new Error(`${target} exists already.`);

  const title = name.replaceAll(/[-_]/g, ' ').replace(/^./, (letter) => letter.toUpperCase());
  const fill = (text: string): string => text.replaceAll('__name__', name).replaceAll('__title__', title);
  const templates = path.join(ROOT, 'tools/new', kind);
  for (const template of globSync('**/*.txt', { cwd: templates })) {
    if (template === 'next-steps.txt') continue;
    const file = path.join(ROOT, target, template.slice(0, -'.txt'.length));
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, fill(await readFile(path.join(templates, template), 'utf8')));
    console.log(`written: ${path.relative(ROOT, file)}`);
  }
  // A long name can make a line too long for how the template was broken.
  await runOrThrow([findBin('oxfmt'), target]);
  process.stdout.write(await runOrThrow(['tools/gen.ts']));
  console.log(`\n${fill(await readFile(path.join(templates, 'next-steps.txt'), 'utf8')).trimEnd()}`);
}

function isKind(kind: string | undefined): kind is keyof typeof kinds {
  return kind !== undefined && Object.hasOwn(kinds, kind);
}

async function runOrThrow(command: string[]): Promise<string> {
  const result = await runProgram(process.execPath, command);
  if (!result.ok) throw new Error(result.output);
  return result.output;
}
