import type { BenchProgram } from './open-program.ts';

/** What a home page asks, for the days from and to. */
export function dashboardPaths(window: { from: string; to: string }): string[] {
  const ask = (metric: string, more = ''): string =>
    `/api/v1/metrics/${metric}?subject=workspace&from=${window.from}&to=${window.to}${more}`;
  return [
    ask('commits', '&by=day'),
    ask('commits_by_hour'),
    ask('commits_by_weekday'),
    ask('languages'),
    ask('lines_added', '&by=week'),
    ask('active_repositories'),
  ];
}

/** Reads one number over the API. */
export async function readNumber(program: Pick<BenchProgram, 'port' | 'token'>, path: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${program.port}${path}`, {
    headers: { authorization: `Bearer ${program.token}` },
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  const answer = (await response.json()) as { values: { value: number | null }[] };
  return answer.values.reduce((sum, { value }) => sum + (value ?? 0), 0);
}
