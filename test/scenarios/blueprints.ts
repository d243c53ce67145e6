import type { LeftOut } from './history.ts';

/** A part of a repository in which somebody may work. */
interface Area {
  folder: string;
  extension: string;
  language: string;
  weight: number;
  leftOut?: LeftOut;
}

/** What a repository is made of and how its people work together. */
export interface Blueprint {
  name: string;
  areas: readonly Area[];
  manifest: { path: string; language: string };
  lockfile: { path: string; language: string } | null;
  /** How work comes onto `main`, by weight. */
  ways: readonly (readonly ['direct' | 'merge' | 'squash' | 'rebase', number])[];
  /** Merged in the browser, so that the platform signs as committer. */
  onPlatform: boolean;
  /** Days between releases, and the first one after the beginning of the year. */
  releases: { every: number; first: number } | null;
}

/** The five repositories of a made-up company that runs a harbour. */
export const blueprints: readonly Blueprint[] = [
  {
    name: 'harbor-web',
    areas: [
      { folder: 'src/pages', extension: 'tsx', language: 'TypeScript', weight: 5 },
      { folder: 'src/lib', extension: 'ts', language: 'TypeScript', weight: 3 },
      { folder: 'src/styles', extension: 'css', language: 'CSS', weight: 1 },
      { folder: 'src/api/generated', extension: 'ts', language: 'TypeScript', weight: 0.3, leftOut: 'generated' },
    ],
    manifest: { path: 'package.json', language: 'JSON' },
    lockfile: { path: 'package-lock.json', language: 'JSON' },
    ways: [
      ['direct', 3],
      ['squash', 4],
      ['merge', 2],
      ['rebase', 1],
    ],
    onPlatform: true,
    releases: { every: 28, first: 20 },
  },
  {
    name: 'harbor-api',
    areas: [
      { folder: 'internal/booking', extension: 'go', language: 'Go', weight: 4 },
      { folder: 'internal/billing', extension: 'go', language: 'Go', weight: 3 },
      { folder: 'migrations', extension: 'sql', language: 'SQL', weight: 1 },
      { folder: 'proto', extension: 'proto', language: 'Protocol Buffers', weight: 0.5 },
      { folder: 'vendor/example.org/kit', extension: 'go', language: 'Go', weight: 0.3, leftOut: 'vendored' },
    ],
    manifest: { path: 'config/service.yaml', language: 'YAML' },
    lockfile: { path: 'go.sum', language: 'Text' },
    ways: [
      ['direct', 3],
      ['merge', 4],
      ['squash', 1],
      ['rebase', 2],
    ],
    onPlatform: true,
    releases: { every: 42, first: 34 },
  },
  {
    name: 'harbor-data',
    areas: [
      { folder: 'pipelines', extension: 'py', language: 'Python', weight: 4 },
      { folder: 'models', extension: 'sql', language: 'SQL', weight: 3 },
    ],
    manifest: { path: 'settings.yaml', language: 'YAML' },
    lockfile: { path: 'poetry.lock', language: 'Text' },
    ways: [
      ['direct', 4],
      ['rebase', 4],
      ['squash', 1],
    ],
    onPlatform: true,
    releases: { every: 56, first: 41 },
  },
  {
    name: 'harbor-infra',
    areas: [
      { folder: 'terraform', extension: 'tf', language: 'HCL', weight: 3 },
      { folder: 'scripts', extension: 'sh', language: 'Shell', weight: 2 },
      { folder: 'deploy', extension: 'yaml', language: 'YAML', weight: 2 },
    ],
    manifest: { path: 'versions.yaml', language: 'YAML' },
    lockfile: null,
    ways: [
      ['direct', 6],
      ['merge', 2],
    ],
    onPlatform: false,
    releases: null,
  },
  {
    name: 'harbor-docs',
    areas: [
      { folder: 'guides', extension: 'md', language: 'Markdown', weight: 4 },
      { folder: 'reference', extension: 'md', language: 'Markdown', weight: 2 },
    ],
    manifest: { path: 'site.yaml', language: 'YAML' },
    lockfile: null,
    ways: [['direct', 1]],
    onPlatform: true,
    releases: null,
  },
];
