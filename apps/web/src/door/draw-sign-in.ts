import { ApiError, describeError } from '../api-error.ts';
import { api } from '../api.ts';
import { makeElement } from './make-element.ts';

/** The form that asks for the password; `done` is called once the server let us in. */
export function drawSignIn(done: () => void): Node[] {
  const input = makeElement('input', {
    class: 'input',
    id: 'password',
    name: 'password',
    type: 'password',
    autocomplete: 'current-password',
    'aria-describedby': 'password-error',
    required: true,
  });
  const fault = makeElement('p', { class: 'field-error', id: 'password-error', 'aria-live': 'polite' });
  const button = makeElement('button', { class: 'btn btn-primary', type: 'submit' }, 'Sign in');
  const form = makeElement(
    'form',
    { class: 'door-form', novalidate: true, submit: (event) => void submit(event) },
    // Password managers look for a name to go with it.
    makeElement('input', {
      class: 'vh',
      name: 'username',
      autocomplete: 'username',
      value: 'owner',
      tabindex: '-1',
      'aria-hidden': 'true',
      readonly: true,
    }),
    makeElement(
      'div',
      { class: 'field' },
      makeElement('label', { class: 'field-label', for: 'password' }, 'Password'),
      makeElement('span', { class: 'input-group' }, input, drawShowButton(input)),
      fault,
    ),
    button,
  );

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (button.getAttribute('aria-disabled') === 'true') return;
    if (input.value === '') return complain('Type your password.');
    button.setAttribute('aria-disabled', 'true');
    button.setAttribute('aria-busy', 'true');
    try {
      await api.signIn(input.value);
      done();
    } catch (error) {
      complain(describeRefusal(error));
      button.removeAttribute('aria-disabled');
      button.removeAttribute('aria-busy');
      countDown(error, button);
    }
  };
  const complain = (words: string): void => {
    fault.textContent = words;
    input.setAttribute('aria-invalid', 'true');
    input.select();
    input.focus();
  };
  return [
    form,
    makeElement(
      'p',
      { class: 'door-quiet' },
      'Forgotten? ',
      code('npm run devpulse -- owner link'),
      ' prints a link that sets a new password.',
    ),
  ];
}

/** Keeps the button shut for as long as the server asked us to wait. */
function countDown(error: unknown, button: HTMLButtonElement): void {
  let left = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) : 0;
  if (left === 0) return;
  button.setAttribute('aria-disabled', 'true');
  const tick = (): void => {
    button.textContent = left > 0 ? `Wait ${left} s` : 'Sign in';
    if (left <= 0) button.removeAttribute('aria-disabled');
    else setTimeout(tick, 1000);
    left -= 1;
  };
  tick();
}

/** What to say when the server did not let us in. */
function describeRefusal(error: unknown): string {
  if (!(error instanceof ApiError)) return describeError(error);
  if (error.status === 401) return 'That is not the password. Try again.';
  if (error.status === 429) return 'Too many tries. Wait a moment, then try again; nothing is locked for good.';
  if (error.status === 0) return 'The server does not answer. Look whether DevPulse is running, then try again.';
  return error.message;
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

function code(text: string): HTMLElement {
  return makeElement('code', { class: 'mono' }, text);
}
