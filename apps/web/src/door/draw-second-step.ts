import { doorApi } from './door-api.ts';
import { Complaint, drawField, drawForm } from './door-form.ts';
import { makeElement } from './make-element.ts';

/** The code of an app, or one that was written down, after a password that was right. */
export function drawSecondStep(done: () => void): Node[] {
  const code = drawField({
    id: 'code',
    label: 'Code',
    type: 'text',
    autocomplete: 'one-time-code',
    more: { autocapitalize: 'none', spellcheck: 'false', maxlength: '40' },
  });
  const trust = makeElement('input', { type: 'checkbox', id: 'trust', name: 'trust' });
  const form = drawForm({
    button: 'Sign in',
    content: [
      code.element,
      makeElement('label', { class: 'door-check', for: 'trust' }, trust, 'Ask this browser for no code for 30 days'),
    ],
    submit: async () => {
      const typed = code.input.value.replaceAll(/\s/g, '');
      if (typed === '') throw new Complaint(code.input, 'Type the six digits that your app shows.');
      if (typed.length < 6)
        throw new Complaint(code.input, 'A code has six digits, a recovery code ten letters and digits.');
      await doorApi.secondFactor(typed, trust.checked);
      done();
    },
    describe: (error) => {
      if (error.status === 401)
        return 'That is not the code of this moment, or one that was used before: each counts once.';
      return error.status === 403 ? `${error.message} Load this page anew.` : null;
    },
  });
  return [
    makeElement('p', { class: 'door-text' }, 'Type the six digits that your authenticator app shows now.'),
    form,
    makeElement('p', { class: 'door-quiet' }, 'Is the app gone? A recovery code does as well; each works once.'),
  ];
}
