// Which tests never come near the servers of a run. What they find is the same on every leg, so one leg runs them.
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './root.ts';

/** Only by these does a test learn which PostgreSQL and Redis a run is about. */
export const SERVER_VARIABLES: readonly string[] = ['TEST_DATABASE_URL', 'TEST_REDIS_URL', 'DEVPULSE_TEST_SERVER'];

const folders = ['apps', 'bench', 'connectors', 'metrics', 'packages', 'test', 'tools', 'widgets'];
const isSource = (file: string): boolean => /\.(?:[cm]?[jt]s|tsx)$/.test(file) && !/(^|\/)node_modules\//.test(file);
const isTest = (file: string): boolean => /\.test\.tsx?$/.test(file);
// Whatever stands between quotes may lead somewhere: an import, the URL of a script to start, a piece of a path.
const literals = /'([^'\n]+)'|"([^"\n]+)"|`([^`]+)`/g;

interface Tree {
  root: string;
  files: Set<string>;
  /** Files by their last name: a path put together from pieces ends with it. */
  byName: Map<string, string[]>;
  /** Folders of the packages by name, with the target of their exports. */
  packages: Map<string, string>;
}

/**
 * The test files from which no way leads to a file that names one of the variables above. Doubt counts as a way: every
 * piece of text between quotes that could mean a file of the tree is followed, however it is used.
 */
export function findUnboundTests(root: string = ROOT): string[] {
  const tree = readTree(root);
  const ways = new Map<string, string[]>();
  const leads = new Set<string>();
  for (const file of tree.files) {
    const text = readFileSync(path.join(root, file), 'utf8');
    if (SERVER_VARIABLES.some((name) => text.includes(name))) leads.add(file);
    for (const target of findTargets(tree, file, text)) ways.set(target, [...(ways.get(target) ?? []), file]);
  }
  const bound = new Set<string>();
  for (let next = [...leads]; next.length > 0;) {
    for (const file of next) bound.add(file);
    next = [...new Set(next.flatMap((file) => ways.get(file) ?? []))].filter((file) => !bound.has(file));
  }
  return [...tree.files].filter((file) => isTest(file) && !bound.has(file)).toSorted();
}

function readTree(root: string): Tree {
  const present = folders.filter((folder) => existsSync(path.join(root, folder)));
  const patterns = present.map((folder) => `${folder}/**`);
  const leftOut = (name: string): boolean => name.split('/').includes('node_modules');
  const files = globSync(patterns, { cwd: root, exclude: leftOut }).filter(isSource);
  const tree: Tree = { root, files: new Set(files), byName: new Map(), packages: new Map() };
  for (const file of files) {
    const name = path.basename(file);
    tree.byName.set(name, [...(tree.byName.get(name) ?? []), file]);
  }
  for (const manifest of globSync(
    patterns.map((pattern) => `${pattern}/package.json`),
    { cwd: root, exclude: leftOut },
  )) {
    const { name } = JSON.parse(readFileSync(path.join(root, manifest), 'utf8')) as { name?: string };
    if (name !== undefined) tree.packages.set(name, path.dirname(manifest));
  }
  return tree;
}

function findTargets(tree: Tree, file: string, text: string): Set<string> {
  const targets = new Set<string>();
  for (const [, single, double, template] of text.matchAll(literals)) {
    const literal = single ?? double ?? template ?? '';
    if (literal.length > 200 || /[\s${}]/.test(literal)) {
      // A text may hold a script that imports; what it names is looked at word by word.
      for (const word of literal.split(/[\s'"`;(){}$]+/)) addTargets(tree, file, word, targets);
    } else addTargets(tree, file, literal, targets);
  }
  targets.delete(file);
  return targets;
}

function addTargets(tree: Tree, file: string, word: string, targets: Set<string>): void {
  if (!/^[@.\w][\w@./-]*$/.test(word)) return;
  let isFound = false;
  for (const place of placesOf(tree, file, word)) {
    for (const ending of ['', '.ts', '.tsx', '.mjs']) {
      if (!tree.files.has(`${place}${ending}`)) continue;
      targets.add(`${place}${ending}`);
      isFound = true;
    }
  }
  // An import says where from; a bare name may be the end of any path.
  if (isFound && /^(?:\.|@)/.test(word)) return;
  if (/\.\w+$/.test(word)) for (const target of tree.byName.get(path.basename(word)) ?? []) targets.add(target);
}

function placesOf(tree: Tree, file: string, word: string): string[] {
  const places = [path.normalize(word), path.join(path.dirname(file), word)];
  if (!word.startsWith('@')) return places;
  const [scope, name, ...rest] = word.split('/');
  const folder = tree.packages.get(`${scope}/${name}`);
  if (folder !== undefined) for (const base of ['', 'src']) places.push(path.join(folder, base, ...rest));
  return places;
}

/** The files of a list by folder, for people: a line each, without what every name ends with. */
export function tellByFolder(files: readonly string[]): string {
  const groups = Map.groupBy(files, (file) => path.dirname(file));
  return [...groups]
    .map(
      ([folder, names]) =>
        `  ${folder}: ${names.map((name) => path.basename(name).replace(/\.test\.tsx?$/, '')).join(', ')}`,
    )
    .join('\n');
}
