import type { SessionView } from '@devpulse/contract/wire/session';
import { ApiError, describeError } from '../api-error.ts';
import { paths } from '../paths.ts';
import { drawSignIn, type Show } from './draw-sign-in.ts';
import { makeElement } from './make-element.ts';

/** Why somebody stands before the door. */
export type Reason =
  | { kind: 'signed_out'; offers: SessionView['offers'] }
  | { kind: 'needs_setup' }
  | { kind: 'reset' | 'confirm'; token: string }
  | { kind: 'not_found' }
  | { kind: 'slow' }
  | { kind: 'failed'; error: unknown };

/** The pages for whoever is not in: sign in, set up first, or nobody answers. `again` looks whether that has changed. */
export async function openDoor(place: HTMLElement, reason: Reason, again: () => void): Promise<void> {
  const show: Show = (title, body) => {
    document.title = `${title} · DevPulse`;
    const heading = makeElement('h1', { class: 'door-title', tabindex: '-1' }, title);
    place.replaceChildren(
      makeElement(
        'main',
        { class: 'door' },
        makeElement('div', { class: 'door-brand' }, drawMark(), 'DevPulse'),
        heading,
        ...body,
      ),
    );
    const field = place.querySelector('input');
    if (field === null) heading.focus();
    else field.focus();
  };
  show(...(await draw(reason, show, again)));
  if (reason.kind === 'failed') window.addEventListener('online', again, { once: true });
}

async function draw(reason: Reason, show: Show, again: () => void): Promise<[title: string, body: Node[]]> {
  switch (reason.kind) {
    case 'signed_out':
      return ['Sign in', drawSignIn({ offers: reason.offers, show, done: again })];
    case 'needs_setup':
      return ['Open the one-time link', drawNeedsSetup(again)];
    case 'reset':
    case 'confirm':
      return drawMailed(reason.kind, reason.token, show);
    case 'not_found':
      return ['There is no page at this address', drawNotFound()];
    case 'slow':
      return ['Still asking DevPulse', drawSlow()];
    case 'failed':
      return isSilent(reason.error)
        ? ['The server does not answer', drawSilent(again)]
        : ['This page cannot be opened', [paragraph(describeError(reason.error)), retryButton(again)]];
  }
}

async function drawMailed(
  kind: 'reset' | 'confirm',
  token: string,
  show: Show,
): Promise<[title: string, body: Node[]]> {
  const { drawConfirm, drawCutLink, drawReset } = await import('./draw-mailed-link.ts');
  if (token === '') return ['This link is not whole', drawCutLink()];
  return kind === 'reset'
    ? ['Set a new password', drawReset(token, show)]
    : ['Confirm your address', drawConfirm(token, show)];
}

function isSilent(error: unknown): boolean {
  return error instanceof ApiError && error.status === 0;
}

function drawNeedsSetup(again: () => void): Node[] {
  return [
    paragraph(
      'Nobody owns this DevPulse yet. When the program started it printed a link that works once: open it to set up.',
    ),
    paragraph(
      'Is the link lost, or was it used up by mistake? This command, on the machine where DevPulse runs, prints a new one:',
    ),
    makeElement('pre', { class: 'door-code mono', tabindex: '0' }, 'npm run devpulse -- owner link'),
    location.pathname === paths.setup
      ? paragraph('The link that brought you here carries no token; it may have been cut when it was copied.')
      : makeElement('p', { class: 'door-quiet' }, 'Whoever can read the output of the program can open the link.'),
    retryButton(again, 'Look again'),
  ];
}

function drawNotFound(): Node[] {
  return [
    paragraph('It may have been mistyped, or belong to a version of DevPulse that is not this one.'),
    makeElement('a', { class: 'btn btn-primary', href: paths.home }, 'Go home'),
  ];
}

function drawSlow(): Node[] {
  return [
    paragraph('It runs, but its answer has not come yet: it may be busy, or its database does not answer.'),
    paragraph('Nothing is lost. This page opens by itself as soon as the answer is there.'),
  ];
}

function drawSilent(again: () => void): Node[] {
  return [
    paragraph(
      navigator.onLine
        ? 'DevPulse may be starting, or it has been stopped. Nothing is lost: what it has read stays on its machine.'
        : 'This device is offline. DevPulse opens again as soon as it can be reached.',
    ),
    retryButton(again),
  ];
}

function paragraph(text: string): HTMLElement {
  return makeElement('p', { class: 'door-text' }, text);
}

function retryButton(again: () => void, label = 'Try again'): HTMLElement {
  return makeElement('button', { class: 'btn btn-primary', type: 'button', click: again }, label);
}

function drawMark(): Node {
  const template = document.createElement('template');
  template.innerHTML =
    '<svg class="mark" width="24" height="24" viewBox="0 0 22 22" aria-hidden="true"><path fill="currentColor" d="M4 1.5h14v19l-2.33-1.9-2.34 1.9L11 18.600l-2.330 1.900-2.340-1.900L4 20.500z"/><path class="mark-pulse" d="M6.500 10.500h2.300l1.500-4 2.400 7 1.300-3h1.500"/></svg>';
  return template.content;
}
