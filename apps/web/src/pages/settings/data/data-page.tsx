import '../settings.css';
import './data.css';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useMay } from '../../../frame/use-may.ts';
import { AskedList } from '../security/asked-list.tsx';
import { transfersQuery } from './data-api.ts';
import { DeleteSection } from './delete-section.tsx';
import { ExportSection } from './export-section.tsx';
import { ImportSection } from './import-section.tsx';

/** Taking one's data along, bringing it in, and ending the account. */
export function DataPage(): ReactElement {
  const query = useQuery(transfersQuery);
  const mayImport = useMay('workspace.own');
  return (
    <div className="page-body settings">
      <section aria-labelledby="data-export">
        <h2 id="data-export">Export</h2>
        <AskedList what="Your exports" query={query}>
          {(list) => <ExportSection list={list} />}
        </AskedList>
      </section>
      {mayImport && (
        <section aria-labelledby="data-import">
          <h2 id="data-import">Import</h2>
          <AskedList what="Your imports" query={query}>
            {(list) => <ImportSection list={list} />}
          </AskedList>
        </section>
      )}
      <section aria-labelledby="data-delete">
        <h2 id="data-delete">Delete account</h2>
        <DeleteSection />
      </section>
    </div>
  );
}
