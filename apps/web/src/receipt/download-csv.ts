import type { QueryClient } from '@tanstack/react-query';
import type { ReceiptRecord } from '@devpulse/contract/wire/metrics';
import type { ReceiptQuestion } from '@devpulse/ui/receipts-context';
import { describeError } from '../api-error.ts';
import { api } from '../api.ts';
import { addToast } from '../frame/toasts.ts';
import { writeCsv } from './write-csv.ts';

const pageSize = 500;
/** More would hold the page up; whoever needs all of them has the API call on the receipt. */
const most = 50_000;

/** Fetches all records of a receipt, not only those on the slip, and hands them over as a file. */
export async function downloadCsv(client: QueryClient, { metric, ...scope }: ReceiptQuestion): Promise<void> {
  try {
    const records: ReceiptRecord[] = [];
    let cursor: string | undefined;
    do {
      const page = await client.fetchQuery({
        queryKey: ['csv', metric, scope, cursor ?? null],
        queryFn: () => api.receipt(metric, { ...scope, cursor, limit: pageSize }),
        gcTime: 0,
      });
      records.push(...page.records);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined && records.length < most);
    saveFile(`${metric}.csv`, writeCsv(records));
    if (cursor !== undefined) addToast({ text: `The file holds the newest ${most.toLocaleString('en')} records.` });
  } catch (error) {
    addToast({ text: `The records could not be fetched. ${describeError(error)}` });
  }
}

function saveFile(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
