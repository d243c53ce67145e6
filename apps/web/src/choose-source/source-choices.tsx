import './choose-source.css';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactElement, ReactNode } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Icon } from '@devpulse/ui/icon.tsx';
import type { IconName } from '@devpulse/ui/icon-paths';
import { ProgressBar } from '@devpulse/ui/progress-bar.tsx';
import { api } from '../api.ts';
import { describeError } from '../api-error.ts';
import { enterWorkspace } from '../frame/enter-workspace.ts';
import { paths } from '../paths.ts';
import { demoQuery, sessionQuery } from '../queries.ts';
import { Link } from '../router/link.tsx';
import { useFlag } from '../use-flag.ts';
import { FolderForm } from './folder-form.tsx';

/** What can be read today, each with what it reads, writes and never does. */
export function SourceChoices(props: { onAdded: () => void; withDemo: boolean }): ReactElement {
  const offersDemo = useFlag('demo');
  const mayRead = useQuery(sessionQuery).data?.runsInstance ?? false;
  return (
    <div className="choices">
      {!mayRead && <PushChoice />}
      {mayRead && <FolderChoice onAdded={props.onAdded} />}
      <GithubChoice onGone={props.onAdded} />
      {props.withDemo && offersDemo && <DemoChoice />}
    </div>
  );
}

/** Folders are the machine's, not the workspace's: only those who look after the instance may have them read. */
function PushChoice(): ReactElement {
  return (
    <Choice
      icon="source"
      title="Events that a program sends"
      lead="With an API token of the scope events, made under Settings, Security, any program can send what it knows."
    >
      <p>
        Folders of this machine are read for a workspace by those who look after the instance, with{' '}
        <code className="mono">npm run devpulse -- import &lt;folder&gt; --workspace &lt;address&gt;</code>.
      </p>
    </Choice>
  );
}

function FolderChoice({ onAdded }: { onAdded: () => void }): ReactElement {
  return (
    <Choice
      icon="folder"
      title="A folder with git repositories"
      lead="A repository on this machine, or a folder that holds some. Works without a network."
    >
      <Deeds
        reads="commits, who wrote them and when, which files and how many lines"
        writes="nothing, not even a lock"
        never="keeps the content of your files, nor sends anything anywhere"
      />
      <FolderForm onAdded={onAdded} />
    </Choice>
  );
}

/** Of what is written there is nothing but the webhooks that somebody asks for. */
function GithubChoice({ onGone }: { onGone: () => void }): ReactElement {
  return (
    <Choice
      icon="pull_request"
      title="GitHub"
      lead="Pull requests, reviews, issues and runs beside the commits, live by webhook or by asking every few minutes."
    >
      <Deeds
        reads="what you grant, each thing with its reason, of the repositories you choose"
        writes="nothing; a webhook only where you ask for one"
        never="keeps the content of your files, nor shows others what your account reaches"
      />
      <Link to={paths.connections} className="btn" onClick={onGone}>
        Connect GitHub
      </Link>
    </Choice>
  );
}

function Choice(props: { icon: IconName; title: string; lead: string; children: ReactNode }): ReactElement {
  return (
    <section className="choice">
      <Icon name={props.icon} />
      <div>
        <h3>{props.title}</h3>
        <p>{props.lead}</p>
        {props.children}
      </div>
    </section>
  );
}

function Deeds(props: { reads: string; writes: string; never: string }): ReactElement {
  return (
    <ul className="deeds">
      <li>
        <b>Reads</b> {props.reads}.
      </li>
      <li>
        <b>Writes</b> {props.writes}.
      </li>
      <li>
        <b>Never</b> {props.never}.
      </li>
    </ul>
  );
}

function DemoChoice(): ReactElement | null {
  const client = useQueryClient();
  const { data: demo, error } = useQuery(demoQuery);
  const make = useMutation({
    mutationFn: () => api.makeDemo(),
    onSuccess: (made) => client.setQueryData(demoQuery.queryKey, made),
  });
  const open = useMutation({
    // There is one for the whole instance: asking for it lets in whoever did not make it.
    mutationFn: async (demoId: string) => {
      await api.makeDemo();
      await enterWorkspace(demoId);
    },
  });
  const failure = make.error ?? open.error ?? error;
  const id = demo?.workspaceId ?? null;
  return (
    <Choice
      icon="flask"
      title="Made-up data"
      lead="A year of a team of twelve over five repositories, in a workspace of its own, to look around in."
    >
      <Deeds
        reads="repositories that DevPulse makes up itself, from a seed"
        writes="them into its own data folder"
        never="mixes them with yours; all of it can be removed in one act"
      />
      {demo?.state === 'making' && (
        <ProgressBar
          label={demo.progress?.what ?? 'Making the demo'}
          done={demo.progress?.done ?? 0}
          total={demo.progress?.total ?? null}
          unit=""
        />
      )}
      {demo?.state === 'failed' && <ErrorNote title="The demo could not be made">{demo.error}</ErrorNote>}
      {failure !== null && <ErrorNote title="That did not work">{describeError(failure)}</ErrorNote>}
      {demo?.state === 'ready' && id !== null ? (
        <Button busy={open.isPending} onClick={() => open.mutate(id)}>
          Open the demo
        </Button>
      ) : (
        demo?.state !== 'making' && (
          <Button busy={make.isPending || demo?.state === 'removing'} onClick={() => make.mutate()}>
            {demo?.state === 'failed' ? 'Go on making it' : 'Use made-up data'}
          </Button>
        )
      )}
    </Choice>
  );
}
