import type { SessionView } from '@devpulse/contract/wire/session';
import { findPasskeyObstacle, usePasskey } from '../passkeys.ts';
import { doorApi } from './door-api.ts';
import { Complaint, drawAct, drawField, drawForm } from './door-form.ts';
import { drawSecondStep } from './draw-second-step.ts';
import { makeElement } from './make-element.ts';

/** How a page of the door is replaced by the next one. */
export type Show = (title: string, body: Node[]) => void;

interface Door {
  offers: SessionView['offers'];
  show: Show;
  /** Called once the server let us in. */
  done: () => void;
}

/** Address and password, and the other ways in that this instance and this browser have. */
export function drawSignIn(door: Door): Node[] {
  const email = drawField({
    id: 'email',
    label: 'E-mail address',
    type: 'email',
    autocomplete: 'username',
    more: { autocapitalize: 'none', spellcheck: 'false' },
  });
  const password = drawField({
    id: 'password',
    label: 'Password',
    type: 'password',
    autocomplete: 'current-password',
  });
  const form = drawForm({
    button: 'Sign in',
    content: [email.element, password.element],
    submit: async () => {
      const address = email.input.value.trim();
      if (!address.includes('@')) throw new Complaint(email.input, 'Type your e-mail address.');
      if (password.input.value === '') throw new Complaint(password.input, 'Type your password.');
      const session = await doorApi.signIn(address, password.input.value);
      if (session.state === 'second_factor') door.show('One more step', drawSecondStep(door.done));
      else door.done();
    },
    describe: (error) => {
      if (error.status === 401) return 'That is not the address and password of an account. Try again.';
      return error.faultOf('email') === undefined ? null : 'That is no e-mail address.';
    },
  });
  return [
    ...describeReturn(),
    form,
    ...drawOtherWays(door),
    makeElement(
      'p',
      { class: 'door-quiet' },
      makeElement(
        'button',
        {
          class: 'btn-link',
          type: 'button',
          click: () =>
            void import('./draw-forgotten.ts').then(({ drawForgotten }) =>
              door.show('Forgotten password', drawForgotten(door.offers.mail, email.input.value.trim())),
            ),
        },
        'Forgot the password?',
      ),
    ),
  ];
}

function drawOtherWays(door: Door): Node[] {
  const fault = makeElement('p', { class: 'field-error', 'aria-live': 'polite' });
  const ways: Node[] = [];
  if (door.offers.github) {
    const leave = async (): Promise<void> => {
      const { url } = await doorApi.github();
      location.assign(url);
    };
    ways.push(drawAct('Sign in with GitHub', leave, fault));
  }
  if (findPasskeyObstacle() === null) {
    const byPasskey = async (): Promise<void> => {
      const proof = await usePasskey(await doorApi.passkeyOptions());
      if (proof === null) return;
      await doorApi.passkey(proof);
      door.done();
    };
    ways.push(drawAct('Sign in with a passkey', byPasskey, fault));
  }
  return ways.length === 0 ? [] : [makeElement('div', { class: 'door-ways' }, ...ways), fault];
}

/** Why GitHub, or our own side of it, sent somebody back without letting them in. */
const returns: Readonly<Record<string, string>> = {
  access_denied: 'GitHub was not allowed to say who you are. Nothing was changed.',
  signup_disabled:
    'No account here is connected to that GitHub account, and nobody can sign up by themselves. Sign in another way and connect it under Settings, or ask for an invitation.',
  account_not_linked:
    'An account with your address is here, but that GitHub account is not connected to it. Sign in with your password, then connect it under Settings, Security.',
  unable_to_get_user_info: 'GitHub did not say who you are. Try again in a moment.',
  no_workspace: 'Your account is in no workspace any more. Ask somebody who runs one to invite you again.',
  unable_to_create_user: 'Your invitation counts no more. Ask for a new one.',
};

function describeReturn(): Node[] {
  const code = new URLSearchParams(location.search).get('error');
  if (code === null) return [];
  // Said once: a reload shall not accuse anybody anew.
  history.replaceState(history.state, '', location.pathname);
  const words =
    returns[code] ?? 'Signing in with GitHub did not come to its end. Begin anew; it must be done within ten minutes.';
  return [makeElement('p', { class: 'door-fault', role: 'alert' }, words)];
}
