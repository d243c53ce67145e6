import type { ReactElement } from 'react';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { viewablePeopleQuery } from '../people/people-queries.ts';
import { PersonChoice } from '../people/person-choice.tsx';

interface Props {
  chosen: string | undefined;
  onChoose: (id: string) => void;
  onClose: () => void;
}

/** The people whose numbers may be looked at. */
export function PersonDialog({ chosen, onChoose, onClose }: Props): ReactElement {
  return (
    <Dialog open title="Whose numbers" onClose={onClose}>
      <PersonChoice
        query={viewablePeopleQuery}
        chosen={chosen}
        onChoose={({ id }) => onChoose(id)}
        nobody="There is nobody whose numbers you may look at."
      />
      <p className="quiet">Whoever you look at sees under “Who looked” that you did, and on which day.</p>
    </Dialog>
  );
}
