// `npm run check`: everything that can be known without running the product. `--only <name>` runs one of them.
import { runProgram, findBin } from './run-program.ts';

interface Check {
  name: string;
  title: string;
  /** Arguments of Node: a script and its own. */
  command: string[];
}

const checks: Check[] = [
  { name: 'generated', title: 'generated files are fresh', command: ['tools/gen.ts', '--check'] },
  { name: 'format', title: 'format', command: [findBin('oxfmt'), '--check'] },
  { name: 'lint', title: 'lint, with types', command: [findBin('oxlint'), '--type-aware'] },
  { name: 'types', title: 'types', command: [findBin('typescript', 'tsc'), '--project', 'tsconfig.json'] },
  {
    name: 'types-web',
    title: 'types of what runs in a browser',
    command: [findBin('typescript', 'tsc'), '--project', 'tsconfig.web.json'],
  },
  { name: 'weight', title: 'weight of the first view', command: ['tools/check-web-budget.ts'] },
  { name: 'imports', title: 'imports keep to the allow-list', command: ['tools/check-imports.ts'] },
  {
    name: 'unused',
    title: 'no unused files, exports, dependencies',
    command: [findBin('knip'), '--no-progress', '--no-config-hints'],
  },
];

/** Runs the checks one after the other, each to its end, and says how many passed and failed. */
export async function runChecks(only: string | null): Promise<{ passed: number; failed: string[] }> {
  const chosen = checks.filter((check) => only === null || check.name === only);
  if (chosen.length === 0)
    throw new Error(`no check is called ${only}: ${checks.map((check) => check.name).join(', ')}`);
  const failed: string[] = [];
  for (const [index, check] of chosen.entries()) {
    process.stdout.write(`${index + 1}/${chosen.length} ${check.title} … `);
    const started = performance.now();
    const result = await runProgram(process.execPath, check.command);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    process.stdout.write(result.ok ? `${seconds} s\n` : `failed, ${seconds} s\n${result.output.trimEnd()}\n\n`);
    if (!result.ok) failed.push(check.name);
  }
  return { passed: chosen.length - failed.length, failed };
}

if (import.meta.main) {
  const at = process.argv.indexOf('--only');
  const { passed, failed } = await runChecks(at === -1 ? null : (process.argv[at + 1] ?? ''));
  console.log(failed.length === 0 ? `All ${passed} checks passed.` : `${failed.length} failed: ${failed.join(', ')}.`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}
