/** A column that holds sealed texts; `table` and `column` are what the place of a secret says. */
export interface SealedColumn {
  /** As in the place of a secret, with its schema where that is not `public`: `auth.account`. */
  table: string;
  column: string;
  /** The column that tells one row of the table from another; its text is the row of the place. */
  row: string;
  /** The column that says whose row it is; null for tables of the instance. */
  workspace: string | null;
  /** What becomes of a row when its key is lost for good. */
  whenLost: 'delete the row' | 'empty the column';
}

/**
 * Every column that holds sealed texts. A rotation walks it, so what is not here would be lost with the old key; a test seals
 * a word through each and searches the whole store for it.
 */
export const sealedColumns: readonly SealedColumn[] = [
  { table: 'secret_values', column: 'sealed', row: 'name', workspace: null, whenLost: 'delete the row' },
  { table: 'auth.account', column: 'access_token', row: 'id', workspace: null, whenLost: 'empty the column' },
  { table: 'auth.account', column: 'refresh_token', row: 'id', workspace: null, whenLost: 'empty the column' },
  { table: 'auth.account', column: 'id_token', row: 'id', workspace: null, whenLost: 'empty the column' },
  { table: 'auth.two_factor', column: 'secret', row: 'id', workspace: null, whenLost: 'delete the row' },
  { table: 'auth.two_factor', column: 'backup_codes', row: 'id', workspace: null, whenLost: 'delete the row' },
  { table: 'auth.verification', column: 'value', row: 'id', workspace: null, whenLost: 'delete the row' },
  {
    table: 'connection_secrets',
    column: 'access_token',
    row: 'connection_id',
    workspace: 'workspace_id',
    whenLost: 'empty the column',
  },
  {
    table: 'connection_secrets',
    column: 'refresh_token',
    row: 'connection_id',
    workspace: 'workspace_id',
    whenLost: 'empty the column',
  },
  { table: 'connection_flows', column: 'verifier', row: 'id', workspace: 'workspace_id', whenLost: 'delete the row' },
  { table: 'hooks', column: 'secret', row: 'id', workspace: 'workspace_id', whenLost: 'delete the row' },
  { table: 'hooks', column: 'previous_secret', row: 'id', workspace: 'workspace_id', whenLost: 'empty the column' },
  { table: 'github_apps', column: 'private_key', row: 'host', workspace: null, whenLost: 'delete the row' },
  { table: 'github_apps', column: 'client_secret', row: 'host', workspace: null, whenLost: 'empty the column' },
  { table: 'github_apps', column: 'webhook_secret', row: 'host', workspace: null, whenLost: 'empty the column' },
];

/** The column as SQL writes it. */
export function quoteColumn(column: SealedColumn): { table: string; column: string; row: string } {
  const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
  return {
    table: column.table.split('.').map(quote).join('.'),
    column: quote(column.column),
    row: quote(column.row),
  };
}
