import type { IAllowedRuleType, IForbiddenRuleType } from 'dependency-cruiser';

/** Who may import whom among our own folders. Whatever is not listed is an error; a folder always reaches itself. */
const allowList: { from: string; to: string[] }[] = [
  { from: 'packages/contract', to: [] },
  { from: 'packages/db', to: [] },
  { from: 'packages/queue', to: ['packages/db'] },
  { from: 'packages/http-client', to: ['packages/contract'] },
  { from: 'packages/ui', to: ['packages/contract'] },
  // Stages meet in tables, never in imports. A lens is how facts are read, the same for a number and for its receipt.
  { from: 'packages/pipeline/src/lens', to: ['packages/contract', 'packages/db'] },
  {
    from: 'packages/pipeline/src/(capture|derive|rollup|serve)',
    to: ['packages/contract', 'packages/db', 'packages/pipeline/src/lens'],
  },
  // Never another connector or metric. What several of one family share lies in a folder that begins with an underscore.
  { from: 'connectors/([^/]+)', to: ['packages/contract', 'packages/http-client', 'connectors/_[^/]+'] },
  { from: 'metrics/([^/]+)', to: ['packages/contract', 'metrics/_[^/]+'] },
  { from: 'apps/tracker', to: ['packages/contract', 'packages/http-client'] },
  { from: 'apps/desktop', to: ['packages/contract', 'packages/http-client', 'packages/ui', 'apps/tracker'] },
  { from: 'apps/web', to: ['packages/contract', 'packages/ui'] },
  {
    from: 'apps/server',
    to: [...['contract', 'db', 'queue', 'pipeline', 'http-client'].map((name) => `packages/${name}`), 'test/scenarios'],
  },
  { from: 'test/scenarios', to: ['packages/contract'] },
];

const registries = ['connectors/registry\\.gen\\.ts$', 'metrics/registry\\.gen\\.ts$', 'widgets/queries\\.gen\\.ts$'];

/** Files that no program of ours may import: tests and what only tests need. */
const testFiles = '(\\.test\\.tsx?$|(^|/)(testing|_golden)/|^test/(?!scenarios/))';
const neverShipped = [testFiles, '^(bench|tools)/', '^[^/]+\\.ts$'];
const ours = '^(apps|bench|connectors|metrics|packages|test|tools|widgets)/';

/** The list above as rules, with the few places that join folders together. */
export const allowed: IAllowedRuleType[] = [
  ...allowList.map(({ from, to }) => ({
    from: { path: `^${from}/`, pathNot: testFiles },
    to: { path: [`^${from.replace(/\(.*\)/, '$1')}/`, ...to.map((folder) => `^${folder}/`)] },
  })),
  {
    from: { path: '^connectors/registry\\.gen\\.ts$' },
    to: { path: '^(connectors/[^/]+/connector\\.ts$|packages/contract/)' },
  },
  { from: { path: '^metrics/registry\\.gen\\.ts$' }, to: { path: '^(metrics/[^/]+/metric\\.ts$|packages/contract/)' } },
  // What GitHub has to grant is the connector's knowledge; asking for it is the server's work.
  { from: { path: '^apps/server/src/(connections|hooks-in)/' }, to: { path: '^connectors/github/needs\\.ts$' } },
  { from: { path: '^apps/server/src/' }, to: { path: registries.map((file) => `^${file}`) } },
  // The three parts of a widget: what both sides know, the half that asks, the half that draws.
  { from: { path: '^widgets/[^/]+/widget\\.ts$' }, to: { path: '^packages/contract/' } },
  {
    from: { path: '^widgets/([^/]+)/[^/]+\\.ts$', pathNot: [testFiles, 'widget\\.ts$'] },
    to: {
      path: ['^widgets/$1/[^/]+\\.ts$', '^widgets/_[^/]+/', '^packages/contract/', '^packages/pipeline/src/serve/'],
    },
  },
  {
    from: { path: '^widgets/([^/]+)/[^/]+\\.tsx$', pathNot: testFiles },
    to: { path: ['^widgets/$1/', '^widgets/_[^/]+/', '^packages/contract/', '^packages/ui/'] },
  },
  // What several views share: words and small parts.
  { from: { path: '^widgets/_parts/' }, to: { path: '^(widgets/_parts|packages/(contract|ui))/' } },
  {
    from: { path: '^widgets/queries\\.gen\\.ts$' },
    to: { path: '^(widgets/[^/]+/(widget|query)\\.ts$|packages/(contract|pipeline/src/serve)/)' },
  },
  {
    from: { path: '^widgets/views\\.gen\\.ts$' },
    to: { path: '^(widgets/[^/]+/(view\\.tsx|widget\\.ts)$|packages/(contract|ui)/)' },
  },
  { from: { path: '^apps/web/src/' }, to: { path: '^widgets/views\\.gen\\.ts$' } },
  // Tests and tools may join what programs must keep apart, and use what only the root has installed.
  { from: { path: neverShipped }, to: { path: ours } },
  { from: { path: neverShipped }, to: { dependencyTypes: ['npm-dev'] } },
  { from: {}, to: { dependencyTypes: ['core', 'npm', 'npm-optional', 'npm-peer'] } },
];

export const forbidden: IForbiddenRuleType[] = [
  { name: 'circle', severity: 'error', from: {}, to: { circular: true } },
  { name: 'unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  {
    name: 'test-code-in-program',
    severity: 'error',
    from: { pathNot: neverShipped },
    to: { path: testFiles },
  },
  {
    name: 'tool-in-program',
    severity: 'error',
    from: { path: '^(apps|connectors|metrics|packages)/' },
    to: { path: '^(tools|bench)/' },
  },
  {
    name: 'io-in-contract',
    comment: 'The contract is nouns and shapes; it has no I/O.',
    severity: 'error',
    from: { path: '^packages/contract/', pathNot: testFiles },
    to: { dependencyTypes: ['core'], pathNot: '^(node:)?(buffer|crypto|util)$' },
  },
  {
    name: 'io-in-metric',
    comment: 'A metric is a definition and a pure function; the engine does the reading.',
    severity: 'error',
    from: { path: '^metrics/[^/]+/', pathNot: testFiles },
    to: { dependencyTypes: ['core'] },
  },
];

/** `parse` is pure: nothing that it reaches, however far away, may touch the outside. */
export const purity: IForbiddenRuleType = {
  name: 'io-in-parse',
  severity: 'error',
  from: { path: '^connectors/[^/]+/parse\\.ts$' },
  to: {
    path: '^(node:)?(child_process|cluster|dgram|dns|fs|http2?|https|net|os|process|tls|worker_threads)(/|$)',
    reachable: true,
  },
};
