import type { TransferView } from '@devpulse/contract/wire/data';
import type { SettingsFile } from './settings-file.ts';

/** What is in a file, or what taking it in does. */
export type TransferSummary = NonNullable<TransferView['summary']>;

export function emptySummary(exportedAt: Date | string): TransferSummary {
  return {
    exportedAt: new Date(exportedAt).toISOString(),
    files: 0,
    rows: 0,
    workspaces: [],
    events: 0,
    newEvents: null,
    eventsWithoutBody: 0,
    links: 0,
    rules: 0,
    sources: 0,
    notes: [],
  };
}

/** Counts what people decided. */
export function addSettings(summary: TransferSummary, settings: SettingsFile): void {
  summary.links += settings.links.length;
  summary.rules += settings.rules.filter((rule) => !rule.builtIn).length;
  summary.sources += settings.sources.length;
}
