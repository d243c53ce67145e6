/** As much of a PostgreSQL client or pool as the bench needs. */
export interface Querying {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[]; rowCount: number | null }>;
}
