import { useState, type ReactElement, type ReactNode } from 'react';
import type { ConnectionList } from '@devpulse/contract/wire/connections';
import { Button } from '@devpulse/ui/button.tsx';
import { useViewer } from '../../frame/use-viewer.ts';
import { paths } from '../../paths.ts';
import { Link } from '../../router/link.tsx';
import { AppOfInstance, SetUpApp } from './app-set-up.tsx';
import { FindInstallations } from './find-installations.tsx';
import { GrantDialog } from './grant-dialog.tsx';
import { TokenDialog } from './token-dialog.tsx';

/** The three ways in, side by side: what each gives, what it needs, and the press that begins it. */
export function Ways({ list: { ways, connections } }: { list: ConnectionList }): ReactElement {
  const { session } = useViewer();
  const [asking, setAsking] = useState<'grant' | 'token' | null>(null);
  const isFirst = connections.length === 0;
  return (
    <section aria-labelledby="connections-ways">
      <h2 id="connections-ways">{isFirst ? 'Connect GitHub' : 'Connect more'}</h2>
      <div className="ways">
        <Way
          title="GitHub App"
          lead="For organisations, and for everything that is to be live."
          gives="every event within moments through its own webhook; limits that grow with the organisation; reading rights alone; it outlives people who leave"
          needs={
            ways.app === null
              ? 'whoever runs this instance to make it, in two clicks; then an owner of the organisation to install it'
              : 'an owner of the account or organisation to install it'
          }
        >
          <AppAct ways={ways} runsInstance={session.runsInstance} isFirst={isFirst} />
        </Way>
        <Way
          title="GitHub’s page"
          lead="For your own account and all it reaches."
          gives="private repositories and organisations as you see them, within a minute; it renews itself"
          needs={ways.oauth ? 'your yes on GitHub’s page' : 'an OAuth app or the GitHub App on this instance'}
        >
          {ways.oauth ? (
            <Button tone={isFirst && ways.app === null ? 'primary' : 'plain'} onClick={() => setAsking('grant')}>
              Connect on GitHub’s page
            </Button>
          ) : (
            <p className="page-note">
              {session.runsInstance
                ? 'Not set up here: make the App, or set GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET.'
                : 'Not set up here. Whoever runs this DevPulse can do that.'}
            </p>
          )}
        </Way>
        <Way
          title="A token"
          lead="For trying it out, and where neither of the others can be."
          gives="what the token may, and no more; nothing has to be set up"
          needs="a personal access token, classic or fine-grained, which you replace when it runs out"
        >
          <Button onClick={() => setAsking('token')}>Paste a token</Button>
        </Way>
      </div>
      <AppOfInstance ways={ways} />
      {ways.app !== null && <FindInstallations />}
      <p className="page-note">
        Signing in with GitHub is another thing and stands under{' '}
        <Link to={paths.security} className="link">
          Security
        </Link>
        : neither takes anything from the other.
      </p>
      {asking === 'grant' && <GrantDialog ways={ways} onClose={() => setAsking(null)} />}
      {asking === 'token' && <TokenDialog ways={ways} onClose={() => setAsking(null)} />}
    </section>
  );
}

function AppAct(props: { ways: ConnectionList['ways']; runsInstance: boolean; isFirst: boolean }): ReactElement {
  const { ways, runsInstance, isFirst } = props;
  if (ways.app !== null)
    return (
      <a className={isFirst ? 'btn btn-primary' : 'btn'} href={ways.app.installUrl}>
        Install {ways.app.name}
      </a>
    );
  if (!runsInstance)
    return (
      <p className="page-note">
        No App is set up here. Whoever runs this DevPulse can make one; ask them, or take another way meanwhile.
      </p>
    );
  return <SetUpApp ways={ways} />;
}

function Way(props: { title: string; lead: string; gives: string; needs: string; children: ReactNode }): ReactElement {
  return (
    <article className="way" aria-label={props.title}>
      <h3>{props.title}</h3>
      <p>{props.lead}</p>
      <ul className="way-facts">
        <li>
          <b>Gives</b> {props.gives}.
        </li>
        <li>
          <b>Needs</b> {props.needs}.
        </li>
      </ul>
      <div className="way-act">{props.children}</div>
    </article>
  );
}
