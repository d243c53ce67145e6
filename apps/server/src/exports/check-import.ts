import { sql } from 'kysely';
import { eventLimits } from '@devpulse/contract/raw-event';
import type { Store } from '@devpulse/db/open-store';
import { type EventLine, eventLineSchema } from './event-lines.ts';
import type { TransferHold } from './hold-transfer.ts';
import { type ImportFile, ImportRefused, withImportFile } from './import-file.ts';
import type { Manifest } from './manifest.ts';
import { type SettingsFile, settingsFileSchema } from './settings-file.ts';
import { addSettings, emptySummary, type TransferSummary } from './transfer-summary.ts';

const settingsBytesMax = 64 * 1024 * 1024;
const lineBytesMax = Math.ceil(eventLimits.bodyBytes / 3) * 4 + 64 * 1024;
const keysPerQuestion = 500;

/** What of an export can be taken in: the one workspace that is there as a whole. */
export interface Taken {
  workspace: Manifest['workspaces'][number];
  settings: SettingsFile;
  summary: TransferSummary;
}

/** Looks at everything and changes nothing: what taking it in would do. */
export async function checkImport(store: Store, hold: TransferHold): Promise<TransferSummary> {
  return withImportFile(store, { ...hold, transferId: hold.id }, async (file) => {
    const { workspace, summary } = await readTaken(file);
    summary.newEvents = 0;
    let events: EventLine[] = [];
    const ask = async (): Promise<void> => {
      summary.newEvents = (summary.newEvents ?? 0) + (await countNew(store, hold.workspaceId, events));
      events = [];
    };
    for await (const event of readEvents(file, workspace)) {
      hold.signal.throwIfAborted();
      events.push({ ...event, body: '' });
      if (events.length >= keysPerQuestion) await ask();
    }
    if (events.length > 0) await ask();
    return summary;
  });
}

/** The settings of the workspace that is taken in, and what can be said before anything is done. */
export async function readTaken(file: ImportFile): Promise<Taken> {
  const whole = file.manifest.workspaces.filter((workspace) => workspace.rows === 'all');
  const [workspace] = whole;
  if (workspace === undefined)
    throw new ImportRefused(
      'This file holds no workspace as a whole, so there is nothing to take in. Nothing was changed.',
    );
  const settings = await readSettings(file, workspace);
  const summary = emptySummary(file.manifest.exportedAt);
  summary.files = file.manifest.files.length;
  summary.workspaces = [{ folder: workspace.folder, name: workspace.name, kind: workspace.kind }];
  summary.events = workspace.events;
  summary.eventsWithoutBody = workspace.eventsWithoutBody;
  addSettings(summary, settings);
  summary.notes = [
    'Accounts, members, tokens and devices stay behind: they belong to the instance they were made in.',
    ...(summary.eventsWithoutBody > 0
      ? [
          `${summary.eventsWithoutBody} events had lost their bodies to retention: what was read from them before is taken in as facts.`,
        ]
      : []),
    ...settings.sources.map(
      (source) =>
        `The source "${source.name}" is not taken over, since its folder may not be on this machine: add it where it is missing.`,
    ),
    ...whole.slice(1).map((other) => `The workspace "${other.name}" is not taken in: one file fills one workspace.`),
  ];
  return { workspace, settings, summary };
}

async function readSettings(file: ImportFile, workspace: Manifest['workspaces'][number]): Promise<SettingsFile> {
  const name = `${workspace.folder}/settings.json`;
  let value: unknown;
  try {
    value = JSON.parse(await file.text(name, settingsBytesMax));
  } catch (error) {
    if (error instanceof ImportRefused) throw error;
    throw new ImportRefused(`This file cannot be taken in: ${name} is no JSON. Nothing was changed.`);
  }
  const read = settingsFileSchema.safeParse(value);
  if (read.success) return read.data;
  const place = read.error.issues[0]?.path.join('.') ?? '';
  throw new ImportRefused(
    `This file cannot be taken in: ${name} is not as documented at ${place}. Nothing was changed.`,
  );
}

/** Every event of the file, and after them the facts whose own events have no body any more. */
export async function* readEvents(
  file: ImportFile,
  workspace: Manifest['workspaces'][number],
): AsyncGenerator<EventLine> {
  for (const name of [`${workspace.folder}/events.ndjson`, `${workspace.folder}/facts.ndjson`]) {
    if (name.endsWith('facts.ndjson') && !file.manifest.files.some(({ path }) => path === name)) continue;
    let number = 0;
    for await (const line of file.lines(name, lineBytesMax)) {
      number += 1;
      yield readEvent(line, `${name}, line ${number}`);
    }
  }
}

function readEvent(line: string, place: string): EventLine {
  try {
    return eventLineSchema.parse(JSON.parse(line));
  } catch {
    throw new ImportRefused(
      `This file cannot be taken in: ${place} is not an event as documented. Nothing was changed.`,
    );
  }
}

async function countNew(store: Store, workspaceId: string, events: readonly EventLine[]): Promise<number> {
  const asked = JSON.stringify(events.map(({ source, key }) => ({ source, key })));
  const { rows } = await store.inWorkspace(workspaceId, (trx) =>
    sql<{ known: number }>`
      select count(*)::integer as known from json_to_recordset(${asked}::json) as a (source text, key text)
      join raw_events e on e.workspace_id = ${workspaceId} and e.source = a.source and e.item_key = a.key`.execute(trx),
  );
  return events.length - (rows[0]?.known ?? 0);
}
