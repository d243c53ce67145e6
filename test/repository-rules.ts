// What must hold of the repository as files. Each rule gets the root and names what breaks it; none needs the network.
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { isToken, tokenPattern } from '@devpulse/server/tokens/token-format';

interface Manifest {
  name: string;
  description?: string;
  engines?: { node?: string };
  scripts?: Record<string, string>;
  [group: string]: unknown;
}

interface Lock {
  packages: Record<string, Record<string, unknown>>;
}

const dependencyGroups = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/** Commands that documentation names and package.json does not have. */
export function findMissingCommands(root: string): string[] {
  const scripts = Object.keys(readManifest(root, 'package.json').scripts ?? {});
  return listFiles(root, '**/*.md').flatMap((file) => {
    const text = readFileSync(path.join(root, file), 'utf8');
    const named = [...text.matchAll(/\bnpm (?:run (?:-s )?([\w:-]+)|(start|test)\b)/g)].map(
      (match) => match[1] ?? match[2] ?? '',
    );
    return [...new Set(named)].filter((name) => !scripts.includes(name)).map((name) => `${file}: npm run ${name}`);
  });
}

/** Scripts in README's and the guides' shell blocks that are not there. */
export function findMissingScripts(root: string): string[] {
  return listFiles(root, '**/*.md').flatMap((file) => {
    const blocks = readFileSync(path.join(root, file), 'utf8').matchAll(/```(?:sh|bash|console)\n([\s\S]*?)```/g);
    const named = [...blocks].flatMap((block) => [...(block[1] ?? '').matchAll(/(?:^|\s)((?:tools|\.ci)\/[\w./-]+)/g)]);
    return named.filter((match) => !existsSync(path.join(root, match[1] ?? ''))).map((match) => `${file}: ${match[1]}`);
  });
}

/** Migrations whose names are not NNNN_name.sql, counted up from 0001 without a gap. */
export function findMigrationFaults(root: string): string[] {
  const names = listFiles(root, 'packages/db/migrations/*')
    .map((file) => path.basename(file))
    .toSorted();
  const numbered = names.filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name));
  const strange = names.filter((name) => !numbered.includes(name)).map((name) => `${name}: not named NNNN_name.sql`);
  const misplaced = numbered.flatMap((name, index) => {
    const expected = String(index + 1).padStart(4, '0');
    return name.startsWith(expected) ? [] : [`${name}: number ${expected} expected here`];
  });
  return [...strange, ...misplaced];
}

/** Lines of the lockfiles and npm settings that tie the project to one registry. */
export function findRegistryAddresses(root: string): string[] {
  const lock = ['package-lock.json', 'test/github-schemas/package-lock.json']
    .flatMap((file) => readLines(root, file))
    .filter((line) => /"resolved":\s*"https?:/.test(line));
  const settings = readLines(root, '.npmrc').filter((line) => /registry\s*=\s*https?:/.test(line));
  return [...lock, ...settings].map((line) => line.trim());
}

/** Dependencies named by a range: npm on another Node would pick other versions for them. */
export function findInexactVersions(root: string): string[] {
  return listManifests(root).flatMap((file) =>
    listDependencies(readManifest(root, file))
      .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      .map(([name, version]) => `${file}: ${name} ${version}`),
  );
}

/** Dependencies that the lockfile knows otherwise, so that `npm ci` would refuse it. */
export function findLockFaults(root: string): string[] {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as Lock;
  return listManifests(root).flatMap((file) => {
    const folder = path.posix.dirname(file);
    const locked = lock.packages[folder === '.' ? '' : folder];
    if (locked === undefined) return [`${file}: not in the lockfile`];
    const wanted = new Map(listDependencies(readManifest(root, file)));
    const known = new Map(listDependencies(locked));
    const names = new Set([...wanted.keys(), ...known.keys()]);
    return [...names]
      .filter((name) => wanted.get(name) !== known.get(name))
      .map((name) => `${file}: ${name} ${wanted.get(name) ?? 'gone'}, in the lockfile ${known.get(name) ?? 'missing'}`);
  });
}

/** Workspace packages without one sentence that says why they exist. */
export function findPackagesWithoutSentence(root: string): string[] {
  return listManifests(root).filter((file) => !/^[A-Z][^.]+\.$/.test(readManifest(root, file).description ?? ''));
}

/** Relative links in Markdown that lead nowhere: to no file, or to no heading of one. */
export function findBrokenLinks(root: string): string[] {
  return listFiles(root, '**/*.md').flatMap((file) => {
    const targets = [...readProse(root, file).matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)];
    return targets
      .map((match) => match[1] ?? '')
      .filter((target) => !/^([a-z][a-z+.-]*:|\/\/)/i.test(target))
      .filter((target) => {
        const [address = '', heading] = target.split('#');
        const place = decodeURI(address.replace(/\?.*$/, ''));
        const aim = place === '' ? file : path.posix.join(path.posix.dirname(file), place);
        if (!existsSync(path.join(root, aim))) return true;
        return heading !== undefined && aim.endsWith('.md') && !listAnchors(root, aim).has(heading);
      })
      .map((target) => `${file}: ${target}`);
  });
}

/** What links to a heading end with, and to the places that a generated page names itself. */
function listAnchors(root: string, file: string): Set<string> {
  const text = readProse(root, file);
  const named = [...text.matchAll(/<a id="([^"]+)"/g)].map((match) => match[1] ?? '');
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? '')
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
  return new Set([...named, ...headings]);
}

function readProse(root: string, file: string): string {
  return readFileSync(path.join(root, file), 'utf8').replaceAll(/```[\s\S]*?```/g, '');
}

/** Files over the size rules, counted without blank lines and comment lines; migrations and generated files are free. */
export function findOversizedFiles(root: string): string[] {
  return listFiles(root, '**/*.{ts,tsx,mjs,sql}')
    .filter((file) => !/\.gen\.ts$|(^|\/)(migrations|fixtures)\//.test(file))
    .map((file) => ({ file, limit: /\.test\.tsx?$|^test\//.test(file) ? 600 : 400, lines: countLines(root, file) }))
    .filter(({ lines, limit }) => lines > limit)
    .map(({ file, lines, limit }) => `${file}: ${lines} lines, ${limit} allowed`);
}

/** Variables that the reference of settings does not name. */
export function findUndocumentedVariables(root: string, variables: readonly string[]): string[] {
  const text = readLines(root, 'docs/generated/config.md').join('\n');
  return variables.filter((variable) => !text.includes(`\`${variable}\``));
}

// Of whoever calls the API, of the tests, and of the work loop: none of them is a setting.
const otherVariables = ['DEVPULSE_TOKEN', 'DEVPULSE_TEST_SERVER', 'DEVPULSE_DEV_API'];

/** Variables of ours that a text or a program names, and that nothing reads: whoever sets one wonders why nothing happens. */
export function findUnknownVariables(root: string, variables: readonly string[]): string[] {
  const known = new Set([...variables, ...otherVariables]);
  return [
    '{README,CONTRIBUTING,SECURITY,CHANGELOG}.md',
    'docs/**/*.md',
    '{apps,packages,connectors,tools}/**/*.{ts,tsx}',
  ]
    .flatMap((pattern) => listFiles(root, pattern))
    .flatMap((file) =>
      [...readFileSync(path.join(root, file), 'utf8').matchAll(/\bDEVPULSE_[A-Z_]*[A-Z]\b/g)]
        .filter(([name]) => !known.has(name))
        .map(([name]) => `${file}: ${name}`),
    );
}

/**
 * Tokens of DevPulse in any file, with a check sum that is right: somebody's, or one that scanners would take for somebody's.
 * Tests put theirs together from pieces.
 */
export function findTokens(root: string): string[] {
  return listFiles(root, '{,.ci/,.github/**/}*')
    .concat(listFiles(root, '*/**/*'))
    .filter((file) => !/(^|\/)(dist|coverage|screenshots|\.devpulse|\.vitest)\/|\.(png|woff2|ico|gz|zip)$/.test(file))
    .filter((file) => statSync(path.join(root, file)).isFile())
    .flatMap((file) => {
      const text = readFileSync(path.join(root, file), 'utf8');
      const found = [...text.matchAll(new RegExp(tokenPattern, 'g'))].map(([token]) => token);
      return found
        .filter((token) => isToken(token) || isToken(token, 'refresh'))
        .map((token) => `${file}: ${token.slice(0, 9)}…`);
    });
}

/** Reads the root's package.json or that of a workspace. */
export function readManifest(root: string, file: string): Manifest {
  return JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Manifest;
}

function listManifests(root: string): string[] {
  return listFiles(root, '{,apps/*/,packages/*/,connectors/,metrics/}package.json');
}

function listDependencies(manifest: Record<string, unknown>): [string, string][] {
  return dependencyGroups.flatMap((group) => Object.entries((manifest[group] ?? {}) as Record<string, string>));
}

function listFiles(root: string, pattern: string): string[] {
  const found = globSync(pattern, { cwd: root, exclude: (name) => name === 'node_modules' || name === '.git' });
  return found.map((file) => file.split(path.sep).join('/')).toSorted();
}

function readLines(root: string, file: string): string[] {
  const place = path.join(root, file);
  return existsSync(place) ? readFileSync(place, 'utf8').split('\n') : [];
}

function countLines(root: string, file: string): number {
  return readLines(root, file).filter((line) => !/^\s*($|\/\/|\/?\*|--)/.test(line)).length;
}
