// Architecture as an allow-list: cruises every source file of the tree and reports each import that is not listed.
import { existsSync, globSync } from 'node:fs';
import { cruise, type ICruiseResult, type IModule } from 'dependency-cruiser';
import { allowed, forbidden, purity } from './import-rules.ts';
import { ROOT } from './root.ts';

const folders = ['apps', 'bench', 'connectors', 'metrics', 'packages', 'test', 'tools', 'widgets'];
const isSource = (file: string): boolean => /\.tsx?$/.test(file) && !/(^|\/)(node_modules|fixtures|dist)\//.test(file);

const present = folders.filter((folder) => existsSync(`${ROOT}/${folder}`));
const answer = await cruise(present, {
  baseDir: ROOT,
  ruleSet: { forbidden: [...forbidden, purity], allowed, allowedSeverity: 'error' },
  validate: true,
  // TypeScript 7 has no parser that dependency-cruiser can use: without swc it finds 0 modules and reports success.
  parser: 'swc',
  tsPreCompilationDeps: true,
  // What the root has installed for tests counts as installed for every package's tests.
  combinedDependencies: true,
  doNotFollow: { path: 'node_modules' },
  // The packages in a folder of the tests' own are nobody's source, and large.
  exclude: { path: '(^|/)(fixtures|dist|github-schemas/node_modules)/' },
  preserveSymlinks: false,
  enhancedResolveOptions: {
    exportsFields: ['exports'],
    conditionNames: ['import', 'node'],
    extensions: ['.ts', '.tsx', '.js', '.mjs'],
  },
});
const result = answer.output as ICruiseResult;
const cruised = new Set(result.modules.map((module: IModule) => module.source));
const files = globSync(
  present.map((folder) => `${folder}/**`),
  { cwd: ROOT },
).filter(isSource);
const missed = files.filter((file) => !cruised.has(file));

for (const violation of result.summary.violations) {
  const way = (violation.cycle ?? violation.via ?? []).map((step) => step.name).join(' → ');
  console.error(`${violation.rule.name}: ${violation.from} → ${violation.to}${way === '' ? '' : ` (${way})`}`);
}
for (const file of missed) console.error(`not looked at: ${file}`);
if (files.length === 0) console.error('no source file found: the check looked at nothing');
console.log(`${files.length} files, ${result.summary.totalDependenciesCruised ?? 0} imports`);
process.exitCode = result.summary.violations.length + missed.length > 0 || files.length === 0 ? 1 : 0;
