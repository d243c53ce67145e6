import { useId, useState, type ReactElement } from 'react';
import type { IdentityKind } from '@devpulse/contract/kind-rules';
import type { ListedIdentity } from '@devpulse/contract/wire/people';
import { Button } from '@devpulse/ui/button.tsx';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { Segmented } from '@devpulse/ui/segmented.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { authorActs } from './author-queries.ts';
import { describeKind, nameAuthor } from './describe-author.ts';
import { useAuthorAct } from './use-author-act.ts';

const kinds: readonly { value: IdentityKind; label: string; means: string }[] = [
  { value: 'person', label: 'Person', means: 'A human being, whose work is counted.' },
  {
    value: 'automation',
    label: 'Automation',
    means: 'A program that works by itself, such as a bot that updates dependencies.',
  },
  { value: 'agent', label: 'Agent', means: 'A program that works for a person, such as a coding agent.' },
];

/** Decides what an author is, with a reason; or lets the rules decide again. */
export function KindDialog({ identity, onClose }: { identity: ListedIdentity; onClose: () => void }): ReactElement {
  const form = useId();
  const [kind, setKind] = useState<IdentityKind>(identity.kind);
  const [reason, setReason] = useState('');
  const act = useAuthorAct();
  const name = nameAuthor(identity);
  const words = reason.trim();
  return (
    <Dialog
      open
      title={`What is ${name}?`}
      onClose={onClose}
      actions={
        <>
          {identity.kindDecided && (
            <Button
              disabled={act.isPending}
              onClick={() =>
                act.mutate(
                  { run: () => authorActs.dropKind(identity.id), said: `The rules decide again what ${name} is.` },
                  { onSuccess: onClose },
                )
              }
            >
              Let the rules decide
            </Button>
          )}
          <Button tone="primary" type="submit" form={form} busy={act.isPending} disabled={words === ''}>
            Decide
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="author-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (act.isPending || words === '') return;
          act.mutate(
            { run: () => authorActs.decideKind(identity.id, kind, words), said: `${name}: decided.` },
            { onSuccess: onClose },
          );
        }}
      >
        <p className="quiet">{describeKind(identity) ?? 'Taken for a person, since no rule names it.'}</p>
        <Segmented label="What it is" value={kind} options={kinds} onChange={setKind} />
        <p className="quiet">
          {kinds.find(({ value }) => value === kind)?.means}
          {kind !== 'person' && ' What it did is left out of the numbers of people, and every receipt says so.'}
        </p>
        <Field label="Why" help="Kept beside the decision, for whoever wonders later.">
          {(ids) => (
            <TextInput
              {...ids}
              maxLength={500}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
