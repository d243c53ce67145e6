import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { ConnectionView } from '@devpulse/contract/wire/connections';
import type { SourceView } from '@devpulse/contract/wire/sources';
import { Button } from '@devpulse/ui/button.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { formatCount, nameUnit } from '@devpulse/ui/format/format-number';
import { StateChip } from '@devpulse/ui/state-chip.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { useMay } from '../../frame/use-may.ts';
import { paths } from '../../paths.ts';
import { Link } from '../../router/link.tsx';
import { connectionsQuery } from '../connections/connections-api.ts';
import { showConnection } from '../connections/describe-connection.ts';
import { SourceRow } from './source-row.tsx';

/** From so many on one looks for a name rather than through the list. */
const findFrom = 12;
const shownAtOnce = 50;

/** What is looked at, grouped by what it is read with. */
export function SourceGroups({ sources }: { sources: readonly SourceView[] }): ReactElement {
  const mayManage = useMay('sources.manage');
  const connections = useQuery({ ...connectionsQuery, enabled: mayManage }).data?.connections ?? [];
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const found = sources.filter(({ name, place }) => `${name} ${place}`.toLowerCase().includes(wanted));
  const groups = [...Map.groupBy(found, (source) => keyOf(source))];
  return (
    <>
      {sources.length >= findFrom && (
        <div className="page-find">
          <Field label="Find">
            {(ids) => (
              <TextInput {...ids} type="search" value={text} onChange={(event) => setText(event.currentTarget.value)} />
            )}
          </Field>
        </div>
      )}
      {found.length === 0 && <p>No source has “{text.trim()}” in its name.</p>}
      {groups.map(([key, ofGroup]) => (
        <Group key={key} id={key} sources={ofGroup} connection={connections.find(({ id }) => id === key)} />
      ))}
    </>
  );
}

/** Sources that a connection was taken from stand with those that lost theirs, not with the folders. */
function keyOf({ connectionId, connector }: SourceView): string {
  return connectionId ?? connector;
}

interface GroupProps {
  id: string;
  sources: readonly SourceView[];
  connection: ConnectionView | undefined;
}

function Group({ id, sources, connection }: GroupProps): ReactElement {
  const [shown, setShown] = useState(shownAtOnce);
  const mark = connection === undefined ? null : showConnection(connection);
  return (
    <section className="source-group" aria-labelledby={`group-${id}`}>
      <header>
        <h2 id={`group-${id}`}>{nameGroup(id, connection)}</h2>
        {mark !== null && <StateChip state={mark.state}>{mark.word}</StateChip>}
        <small>
          {formatCount(sources.length)} {nameUnit(sources.length, 'repositories')}
        </small>
        {connection !== undefined && (
          <Link to={paths.connection} params={{ id: connection.id }} className="link">
            Choose repositories
          </Link>
        )}
      </header>
      <ul className="source-list" aria-label={nameGroup(id, connection)}>
        {sources.slice(0, shown).map((source) => (
          <SourceRow key={source.id} source={source} />
        ))}
      </ul>
      {sources.length > shown && <Button onClick={() => setShown(shown + shownAtOnce)}>Show more</Button>}
    </section>
  );
}

function nameGroup(key: string, connection: ConnectionView | undefined): string {
  if (connection !== undefined) return `GitHub, ${connection.account.login}`;
  return key === 'git' ? 'Folders of this machine' : 'GitHub';
}
