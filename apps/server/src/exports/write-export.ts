import { sql } from 'kysely';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { programVersion } from '../runtime/program-version.ts';
import { formatCsvRow } from './csv-cells.ts';
import { countEvents, readEventLines } from './event-lines.ts';
import { type ExportedTable, listExportedTables } from './export-rows.ts';
import { readFactLines } from './fact-lines.ts';
import type { TransferHold } from './hold-transfer.ts';
import type { Manifest } from './manifest.ts';
import { openPartSink } from './part-sink.ts';
import { readSettingsFile } from './settings-file.ts';
import { addSettings, emptySummary, type TransferSummary } from './transfer-summary.ts';
import { openZipArchive, type ZipArchive } from './zip-archive.ts';

export interface WrittenExport {
  summary: TransferSummary;
  bytes: number;
  sha256: Buffer;
}

/** Writes an export into the parts of its transfer, file by file and row by row. */
export async function writeExport(store: Store, hold: TransferHold, now: Date): Promise<WrittenExport> {
  const places = await listPlaces(store, hold);
  await store.inWorkspace(hold.workspaceId, (trx) =>
    sql`delete from transfer_parts where workspace_id = ${ownWorkspace} and transfer_id = ${hold.id}::uuid`.execute(
      trx,
    ),
  );
  const sink = openPartSink(store, { workspaceId: hold.workspaceId, transferId: hold.id });
  const zip = openZipArchive(sink.stream);
  const summary = emptySummary(now);
  const manifest: Manifest = {
    format: 'devpulse-export',
    version: 1,
    program: programVersion,
    scope: hold.scope,
    exportedAt: now.toISOString(),
    workspaces: [],
    files: [],
  };
  if (hold.scope === 'mine') await writeAccount(store, hold, zip);
  for (const [number, place] of places.entries()) {
    hold.progress({ what: 'Workspaces', done: number, total: places.length });
    const folder = `workspaces/${number + 1}`;
    // One moment for all tables of a workspace.
    await store.inWorkspace(
      place.workspaceId,
      (trx) => writeWorkspace(trx, { hold, zip, folder, place, manifest, summary, now }),
      {
        snapshot: true,
      },
    );
  }
  manifest.files = [...zip.files];
  summary.files = zip.files.length;
  summary.rows = zip.files.filter((file) => file.path.endsWith('.csv')).reduce((sum, file) => sum + file.rows, 0);
  summary.workspaces = manifest.workspaces.map(({ folder, name, kind }) => ({ folder, name, kind }));
  await zip.add('README.txt', [readme], 'none');
  await zip.add('manifest.json', [`${JSON.stringify(manifest, null, 2)}\n`], 'none');
  await zip.finish();
  return { summary, ...sink.written() };
}

interface Place {
  workspaceId: string;
  personId: string;
  rows: 'own' | 'all';
}

/** Where there is something of the account: all of what is theirs alone, their own rows elsewhere; made-up data nowhere. */
async function listPlaces(store: Store, hold: TransferHold): Promise<Place[]> {
  if (hold.scope === 'workspace') return [{ workspaceId: hold.workspaceId, personId: hold.personId, rows: 'all' }];
  const { rows } = await sql<{ workspaceId: string; personId: string }>`
    select workspace_id as "workspaceId", person_id as "personId" from account_workspaces(${hold.accountId}::uuid)`.execute(
    store.app,
  );
  const places: Place[] = [];
  for (const { workspaceId, personId } of rows) {
    const workspace = await store.inWorkspace(workspaceId, (trx) =>
      trx.selectFrom('workspaces').where('id', '=', ownWorkspace).select('kind').executeTakeFirst(),
    );
    if (workspace !== undefined && workspace.kind !== 'demo')
      places.push({ workspaceId, personId, rows: workspace.kind === 'personal' ? 'all' : 'own' });
  }
  return places;
}

async function writeAccount(store: Store, hold: TransferHold, zip: ZipArchive): Promise<void> {
  const { rows } = await store.inWorkspace(hold.workspaceId, (trx) =>
    sql<{ table: string; content: Record<string, unknown> }>`
      select table_name as table, content from export_account(${hold.id}::uuid)`.execute(trx),
  );
  for (const [table, own] of Map.groupBy(rows, (row) => row.table)) {
    const contents = own.map((row) => row.content);
    await writeTable(zip, `account/${table}`, {
      name: table,
      columns: Object.keys(contents[0] ?? {}),
      lines: async function* () {
        yield* contents;
      },
    });
  }
}

interface Writing {
  hold: TransferHold;
  now: Date;
  zip: ZipArchive;
  folder: string;
  place: Place;
  manifest: Manifest;
  summary: TransferSummary;
}

async function writeWorkspace(trx: WorkspaceTransaction, writing: Writing): Promise<void> {
  const { hold, zip, folder, place, manifest, summary } = writing;
  await sql`set local timezone = 'UTC'`.execute(trx);
  const workspace = await trx
    .selectFrom('workspaces')
    .where('id', '=', ownWorkspace)
    .select(['name', 'kind'])
    .executeTakeFirstOrThrow();
  const tables = await listExportedTables(trx, { ...place, accountId: hold.accountId, now: writing.now });
  for (const [done, table] of tables.entries()) {
    hold.signal.throwIfAborted();
    hold.progress({ what: `Tables of ${workspace.name}`, done, total: tables.length });
    await writeTable(zip, `${folder}/${table.name}`, table);
  }
  const counts = place.rows === 'all' ? await countEvents(trx) : { events: 0, withoutBody: 0 };
  if (place.rows === 'all') {
    const settings = await readSettingsFile(trx, place.personId);
    await zip.add(`${folder}/settings.json`, [`${JSON.stringify(settings, null, 2)}\n`], 'none');
    hold.progress({ what: `Events of ${workspace.name}`, done: 0, total: counts.events });
    await zip.add(`${folder}/events.ndjson`, countLines(trx, writing, counts.events));
    // Whatever was read from events that have no body any more is told once more, as facts.
    if (counts.withoutBody > 0) await zip.add(`${folder}/facts.ndjson`, readFactLines(trx));
    addSettings(summary, settings);
  }
  summary.events += counts.events;
  summary.eventsWithoutBody += counts.withoutBody;
  manifest.workspaces.push({
    folder,
    ...workspace,
    rows: place.rows,
    events: counts.events,
    eventsWithoutBody: counts.withoutBody,
  });
}

async function* countLines(
  trx: WorkspaceTransaction,
  { hold, summary }: Writing,
  total: number,
): AsyncGenerator<string> {
  let done = 0;
  for await (const line of readEventLines(trx)) {
    done += 1;
    if (done % 100 === 0) {
      hold.signal.throwIfAborted();
      hold.progress({ what: `Events of ${summary.workspaces.length + 1}`, done, total });
    }
    yield line;
  }
}

/** The same rows twice, for programs and for spreadsheets. */
async function writeTable(zip: ZipArchive, path: string, table: ExportedTable): Promise<void> {
  await zip.add(`${path}.json`, jsonPieces(table.lines()));
  await zip.add(`${path}.csv`, csvPieces(table));
}

async function* jsonPieces(lines: AsyncGenerator<Record<string, unknown>>): AsyncGenerator<string> {
  let before = '[\n';
  for await (const line of lines) {
    yield before + JSON.stringify(line);
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

async function* csvPieces(table: ExportedTable): AsyncGenerator<string> {
  yield formatCsvRow(table.columns);
  for await (const line of table.lines()) yield formatCsvRow(table.columns.map((column) => line[column]));
}

const readme = `This is an export of DevPulse, format devpulse-export version 1.

account/       what the instance knows of who signs in, without passwords and other secrets
workspaces/N/  one folder a workspace: each table as JSON and as CSV
               settings.json and events.ndjson, where the whole workspace is in the export, can be taken in elsewhere
manifest.json  every file with its number of rows, its size and its SHA-256

Instants are in UTC. In the CSV files a text that a spreadsheet would take for a formula stands behind an apostrophe.
`;
