import type { ReactElement } from 'react';
import type { ListedIdentity } from '@devpulse/contract/wire/people';
import { Menu, type MenuItem } from '@devpulse/ui/menu.tsx';
import { useViewer } from '../../../frame/use-viewer.ts';
import { authorActs } from './author-queries.ts';
import { nameAuthor } from './describe-author.ts';
import { useAuthorAct } from './use-author-act.ts';

interface Props {
  identity: ListedIdentity;
  /** For what takes more than a press. */
  onAsk: (what: 'who' | 'kind') => void;
}

/** What can be said about one author. */
export function IdentityMenu({ identity, onAsk }: Props): ReactElement {
  const { me } = useViewer();
  const act = useAuthorAct();
  const name = nameAuthor(identity);
  const { kind, person, proof, linked } = identity;
  const isPerson = kind === 'person';
  const items: (MenuItem | false)[] = [
    isPerson &&
      person.id !== me.id &&
      proof === null && {
        id: 'me',
        label: 'This is me',
        icon: 'check',
        onSelect: () =>
          act.mutate({
            run: () => authorActs.link(me.id, [identity.id], 'said so of themselves'),
            said: `${name} is you now.`,
          }),
      },
    isPerson && proof === null && { id: 'who', label: 'This is…', icon: 'person', onSelect: () => onAsk('who') },
    proof !== null && {
      id: 'undo',
      label: 'Take the proof back',
      icon: 'undo',
      onSelect: () =>
        act.mutate({
          run: async () => void (await authorActs.undo(proof.batchId)),
          said: `The proof of ${name} was taken back.`,
        }),
    },
    linked &&
      proof === null && {
        id: 'unlink',
        label: 'Make it an author of its own',
        icon: 'undo',
        onSelect: () =>
          act.mutate({
            run: () => authorActs.unlink(identity.id, 'taken out'),
            said: `${name} stands for itself again.`,
          }),
      },
    { id: 'kind', label: 'Person or machine…', icon: 'settings', parted: true, onSelect: () => onAsk('kind') },
  ];
  return <Menu label={`${name}: menu`} items={items.filter((item) => item !== false)} />;
}
