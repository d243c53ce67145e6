import type { Scope } from '../api.ts';

/** The command that asks for what a tile shows. */
export function apiCallOf(widget: string, query: Scope): string {
  const parts = Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [` -d ${key}=${value}`]));
  const lines = [`curl -G -H "Authorization: Bearer $DEVPULSE_TOKEN"`, ` ${location.origin}/api/v1/widgets/${widget}`];
  return [...lines, ...parts].join(' \\\n');
}
