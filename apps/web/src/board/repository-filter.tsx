import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState, type ReactElement } from 'react';
import { Chip } from '@devpulse/ui/chip.tsx';
import { repositoryNamesQuery } from '../queries.ts';

// Nobody sees it before it is asked for.
const RepositoryDialog = lazy(async () => ({ default: (await import('./repository-dialog.tsx')).RepositoryDialog }));

interface Props {
  chosen: string | undefined;
  onChoose: (resource: string | undefined) => void;
}

/** All repositories, or one. */
export function RepositoryFilter({ chosen, onChoose }: Props): ReactElement {
  const [open, setOpen] = useState(false);
  const { data } = useQuery({ ...repositoryNamesQuery, enabled: chosen !== undefined });
  const name = chosen === undefined ? 'All' : (data?.repositories.find((one) => one.id === chosen)?.name ?? 'One');
  return (
    <>
      <Chip
        lead={<span className="only-wide">Repositories </span>}
        onClick={() => setOpen(true)}
        aria-haspopup="dialog"
        aria-label={`Repositories ${name}: change`}
      >
        <span className="bar-name">
          {chosen === undefined && <span className="only-phone">Repositories</span>}
          <span className={chosen === undefined ? 'only-wide' : undefined}>{name}</span>
        </span>
      </Chip>
      {open && (
        <Suspense fallback={null}>
          <RepositoryDialog
            chosen={chosen}
            onClose={() => setOpen(false)}
            onChoose={(resource) => {
              setOpen(false);
              onChoose(resource);
            }}
          />
        </Suspense>
      )}
    </>
  );
}
