import { addToast } from './toasts.ts';

/** Copies, and says so. Without a secure address the browser keeps the clipboard shut. */
export async function copyText(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    addToast({ text: done });
  } catch {
    addToast({ text: copyByHand(text) ? done : 'The browser does not let this page copy.' });
  }
}

/** The old way, which also works where the page came by plain HTTP from another machine. */
function copyByHand(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'vh';
  document.body.append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  return copied;
}
