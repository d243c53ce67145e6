import type { ReactElement, ReactNode } from 'react';

export interface Column<Row> {
  key: string;
  head: ReactNode;
  cell: (row: Row) => ReactNode;
  /** `end` for figures. */
  align?: 'start' | 'end' | undefined;
  /** Present where the head can be pressed. */
  sort?: 'ascending' | 'descending' | 'none' | undefined;
  /** The cell that names the row. */
  rowHead?: boolean | undefined;
  /** Takes the room that is left and cuts its text. */
  grow?: boolean | undefined;
  /** Holds sentences, which may take more than one line. */
  wrap?: boolean | undefined;
  /** Left out below 640 px. */
  wideOnly?: boolean | undefined;
}

export interface DataTableProps<Row> {
  caption: string;
  /** Draws the caption; it is read aloud either way. */
  showCaption?: boolean | undefined;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  onSort?: ((column: string) => void) | undefined;
  /** Said in place of rows. */
  empty?: ReactNode;
}

/** Rows with hairlines, figures at the right; heads that sort say so. */
export function DataTable<Row>(props: DataTableProps<Row>): ReactElement {
  const { caption, showCaption, columns, rows, rowKey, onSort, empty } = props;
  // Heads over nothing are noise; those that sort stay where they are, since a filter may bring rows back.
  const hasHead = rows.length > 0 || !empty || columns.some(({ sort }) => sort !== undefined);
  return (
    <table className="table">
      <caption className={showCaption ? undefined : 'vh'}>{caption}</caption>
      {hasHead && (
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" aria-sort={column.sort} className={cellClass(column)}>
                {column.sort && onSort ? (
                  <button type="button" className="table-sort" onClick={() => onSort(column.key)}>
                    {column.head}
                    <SortArrow sort={column.sort} />
                  </button>
                ) : (
                  column.head
                )}
              </th>
            ))}
          </tr>
        </thead>
      )}
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)}>
            {columns.map((column) =>
              column.rowHead ? (
                <th key={column.key} scope="row" className={cellClass(column)}>
                  {column.cell(row)}
                </th>
              ) : (
                <td key={column.key} className={cellClass(column)}>
                  {column.cell(row)}
                </td>
              ),
            )}
          </tr>
        ))}
        {rows.length === 0 && empty && (
          <tr>
            <td colSpan={columns.length} className="table-empty">
              {empty}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function cellClass(column: Pick<Column<unknown>, 'align' | 'grow' | 'wrap' | 'wideOnly'>): string | undefined {
  const names = [
    column.align === 'end' && 'end',
    column.grow && 'grow',
    column.wrap && 'wrap',
    column.wideOnly && 'wide-only',
  ];
  return names.filter(Boolean).join(' ') || undefined;
}

function SortArrow({ sort }: { sort: 'ascending' | 'descending' | 'none' }): ReactElement {
  const path = sort === 'ascending' ? 'M4 1l3.5 6h-7z' : 'M4 7L.5 1h7z';
  return (
    <svg className={`arrow${sort === 'none' ? ' arrow-idle' : ''}`} viewBox="0 0 8 8" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
