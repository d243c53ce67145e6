import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Icon } from '@devpulse/ui/icon.tsx';
import { describeError } from '../api-error.ts';
import { foldersQuery } from '../queries.ts';

interface Props {
  start: string | undefined;
  chosen: string;
  /** Called with every folder that is gone into or taken. */
  onChoose: (path: string) => void;
}

/** The folders that may be read, one level at a time. Going into one also writes its path into the field. */
export function FolderBrowser({ start, chosen, onChoose }: Props): ReactElement {
  const [at, setAt] = useState(start);
  const { data, error } = useQuery(foldersQuery(at));
  const go = (path: string): void => {
    setAt(path);
    onChoose(path);
  };
  if (error !== null) return <ErrorNote title="This folder cannot be listed">{describeError(error)}</ErrorNote>;
  const repositories = data?.folders.filter((folder) => folder.repository).length ?? 0;
  return (
    <div className="browser" role="group" aria-label="Folders">
      <p className="browser-at mono" title={data?.path}>
        {data?.path ?? '…'}
      </p>
      <ul>
        {data !== undefined && data.parent !== null && (
          <li>
            <button type="button" onClick={() => go(data.parent ?? data.path)}>
              <Icon name="undo" size="small" /> One up
            </button>
          </li>
        )}
        {data?.parent === null &&
          data.roots
            .filter((root) => root !== data.path)
            .map((root) => (
              <li key={root}>
                <button type="button" onClick={() => go(root)}>
                  <Icon name="folder" size="small" /> <span className="mono">{root}</span>
                </button>
              </li>
            ))}
        {data?.folders.map((folder) => (
          <li key={folder.path}>
            <button
              type="button"
              aria-pressed={folder.repository ? chosen === folder.path : undefined}
              // A repository is taken as it is: what lies in it is its own matter.
              onClick={() => (folder.repository ? onChoose(folder.path) : go(folder.path))}
            >
              <Icon name={folder.repository ? 'repository' : 'folder'} size="small" />
              <span>{folder.name}</span>
              {folder.repository && <small>repository</small>}
            </button>
          </li>
        ))}
      </ul>
      {data !== undefined && data.folders.length === 0 && <p className="browser-note">No folders in here.</p>}
      {data?.truncated === true && (
        <p className="browser-note">There are more folders than are listed; type the path.</p>
      )}
      {repositories > 0 && data !== undefined && (
        <p className="browser-note">
          {repositories === 1 ? 'One repository' : `${repositories} repositories`} right here. “Add this folder” with{' '}
          <span className="mono">{data.path}</span> takes all it holds.
        </p>
      )}
    </div>
  );
}
