// `npm run dev`: the program, started anew whenever its code changes, and beside it the screens as they are being
// written. Settings follow `--` and go to the program; `--github` starts GitHub's counterpart as well and points at it.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ROOT } from './root.ts';
import { findBin } from './run-program.ts';

const settings = process.argv.slice(2).filter((word) => word !== '--github');
const given = settings.find((word) => word.startsWith('--port='))?.slice('--port='.length);
const port =
  given ?? (settings.includes('--port') ? settings[settings.indexOf('--port') + 1] : process.env['PORT']) ?? '3000';
const api = `http://127.0.0.1:${port}`;
// Only then: it is a large part of the tests.
const github = process.argv.includes('--github') ? await (await import('./dev-github.ts')).startGithub() : {};
const children = [
  run(['--watch', 'apps/server/src/main.ts', 'serve', '--port', port, ...settings], ROOT),
  run([findBin('vite'), '--port', '5173'], path.join(ROOT, 'apps/web')),
];
console.error(`The screens as they are written: http://localhost:5173 (the program itself: ${api})`);

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    for (const child of children) child.kill(signal);
  });
}
// One without the other is of no use.
for (const child of children) {
  child.once('exit', (code) => {
    for (const other of children) other.kill('SIGTERM');
    process.exitCode ??= code ?? 1;
  });
}

function run(args: string[], cwd: string): ReturnType<typeof spawn> {
  const env = { ...process.env, ...github, DEVPULSE_DEV_API: api };
  return spawn(process.execPath, args, { cwd, stdio: 'inherit', env });
}
