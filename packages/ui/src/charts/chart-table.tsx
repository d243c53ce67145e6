import type { ReactElement } from 'react';
import { joinClasses } from '../class-names.ts';

/** The numbers of a chart, as rows; states stand in words in the last column. */
export interface ChartTableData {
  caption: string;
  head: readonly string[];
  rows: readonly { key: string; cells: readonly string[] }[];
}

/** A chart as a table: in its place when asked for, else for those who listen. */
export function ChartTable({ data, hidden }: { data: ChartTableData; hidden?: boolean }): ReactElement {
  const table = (
    <table className="table table-small">
      <caption className="vh">{data.caption}</caption>
      <thead>
        <tr>
          {data.head.map((head, index) => (
            <th key={head} scope="col" className={index > 0 ? 'end' : undefined}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {data.rows.map((row) => (
          <tr key={row.key}>
            {row.cells.map((cell, index) =>
              index === 0 ? (
                <th key={data.head[index]} scope="row">
                  {cell}
                </th>
              ) : (
                <td key={data.head[index]} className="end">
                  {cell}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
  return (
    <div
      className={joinClasses(hidden ? 'vh' : 'chart-table')}
      {...(hidden ? {} : { tabIndex: 0, role: 'region', 'aria-label': data.caption })}
    >
      {table}
    </div>
  );
}
