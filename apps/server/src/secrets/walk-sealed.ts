import { CompiledQuery } from 'kysely';
import type { openClient } from '@devpulse/db/connection';
import type { Store } from '@devpulse/db/open-store';
import { listWorkspaces } from '../workspaces/ensure-workspace.ts';
import type { SecretPlace } from './keyring.ts';
import { quoteColumn, type SealedColumn, sealedColumns } from './sealed-columns.ts';

/** A connection signed in as the owner of the tables. */
export type OwnerClient = Awaited<ReturnType<typeof openClient>>;

/** The store, and the owner's connection for tables that are closed to the application. */
export interface SealedStore {
  store: Store;
  owner: Pick<OwnerClient, 'query'>;
  /** The registered columns when left out. */
  columns?: readonly SealedColumn[];
}

/** Asks in a transaction that sees the rows of one part. */
type Ask = (text: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>;

/** A registered column, as far as it belongs to one workspace or to the instance. */
export interface SealedPart {
  column: SealedColumn;
  workspaceId: string | null;
  within<Result>(act: (ask: Ask) => Promise<Result>): Promise<Result>;
}

/** A sealed text and where it stands. */
export interface SealedText {
  place: SecretPlace;
  sealed: string;
}

const batchRows = 200;

/** Every registered column, once for each workspace that may have rows in it. */
export async function* sealedParts(options: SealedStore): AsyncGenerator<SealedPart> {
  const { store, owner } = options;
  for (const column of options.columns ?? sealedColumns) {
    if (column.workspace === null) {
      yield { column, workspaceId: null, within: (act) => asOwner(owner, act) };
      continue;
    }
    for (const workspaceId of await listWorkspaces(store)) {
      yield {
        column,
        workspaceId,
        within: (act) =>
          store.inWorkspace(workspaceId, (trx) =>
            act(async (text, values = []) => {
              const { rows } = await trx.executeQuery<Record<string, unknown>>(CompiledQuery.raw(text, [...values]));
              return rows;
            }),
          ),
      };
    }
  }
}

async function asOwner<Result>(owner: SealedStore['owner'], act: (ask: Ask) => Promise<Result>): Promise<Result> {
  await owner.query('begin');
  try {
    const result = await act(async (text, values = []) => {
      const { rows } = await owner.query<Record<string, unknown>>(text, [...values]);
      return rows;
    });
    await owner.query('commit');
    return result;
  } catch (error) {
    await owner.query('rollback');
    throw error;
  }
}

/** How many texts each key has sealed in all registered columns; what is not sealed stands under the empty name. */
export async function countSealed(options: SealedStore): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for await (const part of sealedParts(options)) {
    const { table, column } = quoteColumn(part.column);
    const rows = await part.within((ask) =>
      ask(
        `select case when ${column} like 'v1.%' then split_part(${column}, '.', 2) else '' end as kid, count(*)::int as texts
         from ${table} where ${column} is not null group by 1`,
      ),
    );
    for (const row of rows) {
      const id = String(row['kid']);
      counts.set(id, (counts.get(id) ?? 0) + Number(row['texts']));
    }
  }
  return counts;
}

/**
 * Gives every text of a part that one of these keys sealed to `change`, a batch a transaction, and writes what it answers. A
 * text that somebody else replaced in the meantime is left as it is. Texts that cannot be opened are given back.
 */
export async function changeSealed(
  part: SealedPart,
  keyIds: readonly string[],
  change: (text: SealedText) => string,
): Promise<{ changed: number; failed: SealedText[] }> {
  const failed: SealedText[] = [];
  let changed = 0;
  let last = '';
  for (;;) {
    const texts = await part.within((ask) => readBatch(ask, part, keyIds, last));
    if (texts.length === 0) return { changed, failed };
    last = texts.at(-1)?.place.row ?? last;
    const fresh = texts.flatMap((text) => {
      try {
        return [{ text, sealed: change(text) }];
      } catch {
        // Told by the caller, with the place; the cause says no more than that it does not open.
        failed.push(text);
        return [];
      }
    });
    await part.within(async (ask) => {
      for (const { text, sealed } of fresh) await writeOne(ask, part, text, sealed);
    });
    changed += fresh.length;
  }
}

async function readBatch(ask: Ask, part: SealedPart, keyIds: readonly string[], after: string): Promise<SealedText[]> {
  const { table, column, row } = quoteColumn(part.column);
  const rows = await ask(
    `select ${row}::text as id, ${column} as sealed from ${table}
     where ${column} like 'v1.%' and split_part(${column}, '.', 2) = any($1::text[]) and ${row}::text collate "C" > $2
     order by ${row}::text collate "C" limit ${batchRows}`,
    [keyIds, after],
  );
  return rows.map((found) => ({
    place: {
      workspaceId: part.workspaceId,
      table: part.column.table,
      column: part.column.column,
      row: String(found['id']),
    },
    sealed: String(found['sealed']),
  }));
}

async function writeOne(ask: Ask, part: SealedPart, text: SealedText, sealed: string): Promise<void> {
  const { table, column, row } = quoteColumn(part.column);
  await ask(`update ${table} set ${column} = $1 where ${row}::text = $2 and ${column} = $3`, [
    sealed,
    text.place.row,
    text.sealed,
  ]);
}

/** Gives up every text of a part that one of these keys sealed, as its column says. */
export async function giveUpSealed(part: SealedPart, keyIds: readonly string[]): Promise<number> {
  const { table, column } = quoteColumn(part.column);
  const act =
    part.column.whenLost === 'delete the row' ? `delete from ${table}` : `update ${table} set ${column} = null`;
  const rows = await part.within((ask) =>
    ask(`${act} where ${column} like 'v1.%' and split_part(${column}, '.', 2) = any($1::text[]) returning 1 as one`, [
      keyIds,
    ]),
  );
  return rows.length;
}
