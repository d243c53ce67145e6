import { doorApi } from './door-api.ts';
import { Complaint, describeRefusal, drawField, drawForm } from './door-form.ts';
import type { Show } from './draw-sign-in.ts';
import { makeElement } from './make-element.ts';

const leastCharacters = 10;

/** The page behind a mailed link to a new password. */
export function drawReset(token: string, show: Show): Node[] {
  const password = drawField({
    id: 'password',
    label: 'New password',
    type: 'password',
    autocomplete: 'new-password',
  });
  const form = drawForm({
    button: 'Set the password',
    content: [password.element],
    submit: async () => {
      if ([...password.input.value].length < leastCharacters)
        throw new Complaint(password.input, `Take at least ${leastCharacters} characters.`);
      await doorApi.reset(token, password.input.value);
      history.replaceState(history.state, '', location.pathname);
      show('The new password is set', [
        makeElement('p', { class: 'door-text' }, 'All sessions have ended, also on other devices.'),
        drawWayOn('Sign in'),
      ]);
    },
  });
  return [makeElement('p', { class: 'door-text' }, 'A new password ends every session, also on other devices.'), form];
}

/** The page behind a mailed link that proves an address; it asks for a click, since mail programs open links by themselves. */
export function drawConfirm(token: string, show: Show): Node[] {
  const form = drawForm({
    button: 'Confirm the address',
    content: [],
    submit: async () => {
      await doorApi.confirm(token);
      history.replaceState(history.state, '', location.pathname);
      show('The address is confirmed', [
        makeElement('p', { class: 'door-text' }, 'It is known to be yours now.'),
        drawWayOn('Go on'),
      ]);
    },
    describe: (error) => describeRefusal(error),
  });
  return [makeElement('p', { class: 'door-text' }, 'This proves that mail to your address reaches you.'), form];
}

/** What is shown where a mailed link brought no token. */
export function drawCutLink(): Node[] {
  return [
    makeElement(
      'p',
      { class: 'door-text' },
      'It carries no token; it may have been cut when it was copied. Open it from the mail again.',
    ),
    drawWayOn('Go to DevPulse'),
  ];
}

function drawWayOn(words: string): HTMLElement {
  return makeElement('a', { class: 'btn btn-primary', href: '/' }, words);
}
