import { doorApi } from './door-api.ts';
import { Complaint, drawField, drawForm } from './door-form.ts';
import { makeElement } from './make-element.ts';

/** The way to a new password: by mail, or in words where this instance sends none. */
export function drawForgotten(mail: boolean, address: string): Node[] {
  return mail ? drawMailForm(address) : drawWithoutMail();
}

function drawMailForm(address: string): Node[] {
  const email = drawField({
    id: 'email',
    label: 'E-mail address',
    type: 'email',
    autocomplete: 'username',
    more: { value: address },
  });
  const said = makeElement('p', { class: 'door-text', role: 'status' });
  const form = drawForm({
    button: 'Mail me a link',
    content: [email.element],
    submit: async () => {
      const typed = email.input.value.trim();
      if (!typed.includes('@')) throw new Complaint(email.input, 'Type your e-mail address.');
      await doorApi.forgotten(typed);
      said.textContent = `If an account has the address ${typed}, a link is on its way. It works once, for an hour.`;
      form.replaceWith(said);
    },
  });
  return [
    makeElement('p', { class: 'door-text' }, 'A link to set a new password is mailed to the address of your account.'),
    form,
    drawBack(),
  ];
}

function drawWithoutMail(): Node[] {
  return [
    makeElement('p', { class: 'door-text' }, 'This DevPulse cannot send mail: no mail server is set up.'),
    makeElement(
      'p',
      { class: 'door-text' },
      'Whoever runs it can print a link that sets a new password, with this command on the machine where it runs:',
    ),
    makeElement('pre', { class: 'door-code mono', tabindex: '0' }, 'npm run devpulse -- account link you@example.org'),
    makeElement(
      'p',
      { class: 'door-quiet' },
      'With SMTP_URL, MAIL_FROM and DEVPULSE_URL set, this page mails such a link.',
    ),
    drawBack(),
  ];
}

function drawBack(): HTMLElement {
  return makeElement('button', { class: 'btn', type: 'button', click: () => location.reload() }, 'Back to sign-in');
}
