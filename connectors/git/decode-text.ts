import { isUtf8 } from 'node:buffer';
import { cleanText } from '../_text/clean-text.ts';

/** UTF-8 when the bytes are valid UTF-8, else the declared encoding when it is known and fits, else windows-1252. */
export function decodeText(bytes: Buffer, declared = ''): string {
  if (isUtf8(bytes)) return cleanText(bytes.toString('utf8'));
  const decoded = declared === '' ? undefined : decodeStrictly(bytes, declared);
  return cleanText(decoded ?? new TextDecoder('windows-1252').decode(bytes));
}

function decodeStrictly(bytes: Buffer, label: string): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch (error) {
    // RangeError: nobody knows this encoding. TypeError: the bytes are not in it, whatever the header says.
    if (error instanceof RangeError || error instanceof TypeError) return undefined;
    throw error;
  }
}
