import { ApiError, describeError } from '../api-error.ts';
import { makeElement } from './make-element.ts';

interface FieldWish {
  id: string;
  label: string;
  type: 'email' | 'password' | 'text';
  autocomplete: string;
  more?: Record<string, string>;
}

/** A labelled input; a password can be shown. */
export function drawField(wish: FieldWish): { input: HTMLInputElement; element: HTMLElement } {
  const input = makeElement('input', {
    class: 'input',
    id: wish.id,
    name: wish.id,
    type: wish.type,
    autocomplete: wish.autocomplete,
    'aria-describedby': 'door-fault',
    required: true,
    ...wish.more,
  });
  const element = makeElement(
    'div',
    { class: 'field' },
    makeElement('label', { class: 'field-label', for: wish.id }, wish.label),
    wish.type === 'password' ? makeElement('span', { class: 'input-group' }, input, drawShowButton(input)) : input,
  );
  return { input, element };
}

interface FormWish {
  button: string;
  content: readonly Node[];
  /** Throws what is to be said; a `Complaint` names the field. */
  submit: () => Promise<void>;
  /** What to say of a refusal that this form knows best; null: the usual words. */
  describe?: (error: ApiError) => string | null;
}

/** What is wrong with a field before anybody is asked. */
export class Complaint extends Error {
  readonly input: HTMLInputElement;
  constructor(input: HTMLInputElement, words: string) {
    super(words);
    this.input = input;
  }
}

/** A form with one button, which is busy while the server is asked and says below the fields what went wrong. */
export function drawForm(wish: FormWish): HTMLFormElement {
  const fault = makeElement('p', { class: 'field-error', id: 'door-fault', 'aria-live': 'polite' });
  const button = makeElement('button', { class: 'btn btn-primary', type: 'submit' }, wish.button);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (button.getAttribute('aria-disabled') === 'true') return;
    setBusy(button, true);
    fault.textContent = '';
    for (const field of form.querySelectorAll('[aria-invalid]')) field.removeAttribute('aria-invalid');
    try {
      await wish.submit();
    } catch (error) {
      setBusy(button, false);
      const inputs = form.querySelectorAll('input');
      const input = error instanceof Complaint ? error.input : inputs[inputs.length - 1];
      fault.textContent = describeRefusal(error, wish.describe);
      input?.setAttribute('aria-invalid', 'true');
      input?.select();
      input?.focus();
      countDown(error, button, wish.button);
    }
  };
  const form = makeElement(
    'form',
    { class: 'door-form', novalidate: true, submit: (event) => void submit(event) },
    ...wish.content,
    fault,
    button,
  );
  return form;
}

/** A second way on, beside the form. */
export function drawAct(words: string, act: () => Promise<void>, fault: HTMLElement): HTMLElement {
  const button = makeElement('button', {
    class: 'btn',
    type: 'button',
    click: () => {
      if (button.getAttribute('aria-disabled') === 'true') return;
      setBusy(button, true);
      fault.textContent = '';
      act()
        .catch((error: unknown) => {
          fault.textContent = describeRefusal(error);
        })
        .finally(() => setBusy(button, false));
    },
  });
  button.append(words);
  return button;
}

/** What to say when the server did not do it. */
export function describeRefusal(error: unknown, describe?: (error: ApiError) => string | null): string {
  if (error instanceof Complaint) return error.message;
  if (!(error instanceof ApiError)) return describeError(error);
  const own = describe?.(error) ?? null;
  if (own !== null) return own;
  if (error.status === 429) return 'Too many tries. Wait a moment, then try again; nothing is locked for good.';
  if (error.status === 0) return 'The server does not answer. Look whether DevPulse is running, then try again.';
  return error.message;
}

function setBusy(button: HTMLButtonElement, busy: boolean): void {
  for (const name of ['aria-disabled', 'aria-busy']) {
    if (busy) button.setAttribute(name, 'true');
    else button.removeAttribute(name);
  }
}

/** Keeps the button shut for as long as the server asked us to wait. */
function countDown(error: unknown, button: HTMLButtonElement, words: string): void {
  let left = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) : 0;
  if (left === 0) return;
  button.setAttribute('aria-disabled', 'true');
  const tick = (): void => {
    button.textContent = left > 0 ? `Wait ${left} s` : words;
    if (left <= 0) button.removeAttribute('aria-disabled');
    else setTimeout(tick, 1000);
    left -= 1;
  };
  tick();
}

function drawShowButton(input: HTMLInputElement): HTMLElement {
  const button = makeElement(
    'button',
    {
      class: 'input-act',
      type: 'button',
      'aria-label': 'Show the password',
      'aria-pressed': 'false',
      click: () => {
        const shown = input.type === 'password';
        input.type = shown ? 'text' : 'password';
        button.textContent = shown ? 'Hide' : 'Show';
        button.setAttribute('aria-pressed', String(shown));
      },
    },
    'Show',
  );
  return button;
}
