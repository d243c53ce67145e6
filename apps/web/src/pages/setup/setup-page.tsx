import './setup.css';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, type ReactElement, type ReactNode } from 'react';
import { Icon } from '@devpulse/ui/icon.tsx';
import { ToastRegion } from '@devpulse/ui/toast-region.tsx';
import { SourceChoices } from '../../choose-source/source-choices.tsx';
import { dropToast, useToasts } from '../../frame/toasts.ts';
import { LiveRegion } from '../../live/live-region.tsx';
import { paths } from '../../paths.ts';
import { authorsQuery, demoQuery, meQuery, sessionQuery, sourcesQuery, workspaceQuery } from '../../queries.ts';
import { weekdays } from '../../zones.ts';
import { AuthorsStep } from './authors-step.tsx';
import { deriveStep, isReading, type Step } from './derive-step.ts';
import { FirstSlip } from './first-slip.tsx';
import { SetupHead } from './setup-head.tsx';
import { SignedInLink } from './signed-in-link.tsx';
import { useOpenDemo } from './use-open-demo.ts';
import { YouStep } from './you-step.tsx';
import { Link } from '../../router/link.tsx';
import { useNavigate } from '../../router/use-router.ts';

/** From the one-time link to the first number; where one is follows from what the server knows. */
export function SetupPage(): ReactElement {
  const [token] = useState(() => location.hash.slice(1));
  const navigate = useNavigate();
  const toasts = useToasts();
  const session = useQuery(sessionQuery).data ?? { state: 'signed_out' as const };
  const [anew] = useState(session.state === 'signed_out');
  const inside = session.state === 'signed_in';
  const [asks] = useState(inside && token !== '');
  const sources = useQuery({ ...sourcesQuery, enabled: inside }).data;
  const authors = useQuery({ ...authorsQuery(), enabled: inside && (sources?.work.commits ?? 0) > 0 }).data;
  const demo = useQuery({ ...demoQuery, enabled: inside }).data;
  const step = deriveStep({ session, sources, authors: sources?.work.commits === 0 ? noAuthors : authors, demo });
  const making = demo?.state === 'making' && sources?.sources.length === 0;
  useOpenDemo(demo);
  useEffect(() => {
    document.title = 'Set up · DevPulse';
  }, []);
  useEffect(() => {
    // A new password on an instance that is in use: there is nothing to set up.
    if (anew && inside) void navigate({ to: paths.home, replace: true });
  }, [anew, inside, navigate]);
  const leave = (): void => void navigate({ to: paths.home });
  if (asks) return <SignedInLink token={token} onLeave={leave} />;
  return (
    <div className="setup">
      <SetupHead />
      <main className="setup-main" id="content">
        <h1>{anew ? 'Set a new password' : 'Set up, then see your first number'}</h1>
        <p className="setup-lead">
          {anew
            ? 'This DevPulse has an owner. A new password ends every session, also on other devices.'
            : 'Everything stays on this machine. Nothing is sent anywhere unless you add a source that needs it.'}
        </p>
        <ol className="steps">
          <StepItem number={1} title="You" state={stateOf('you', step)} done={inside && <YouSummary />}>
            <YouStep token={token} anew={anew} />
          </StepItem>
          {!anew && (
            <>
              <StepItem
                number={2}
                title="Add a source"
                state={stateOf('source', step)}
                done={making ? 'Made-up data' : sources && describeSources(sources.sources.length)}
              >
                <p className="setup-note">One is enough. You can add more later under Sources.</p>
                <SourceChoices onAdded={() => undefined} withDemo />
              </StepItem>
              <StepItem
                number={3}
                title="Which of these authors are you?"
                state={making ? 'later' : stateOf('authors', step)}
                done={step === 'done' && 'Answered'}
              >
                {step === 'reading' ? (
                  <p className="setup-note">The authors appear once a repository has been read to its end.</p>
                ) : (
                  authors !== undefined && (
                    <AuthorsStep
                      authors={authors}
                      reading={sources !== undefined && isReading(sources)}
                      onDone={leave}
                    />
                  )
                )}
              </StepItem>
              <StepItem number={4} title="Your board" state={making || step === 'done' ? 'now' : 'later'}>
                {making ? (
                  <p className="setup-note">The made-up data opens here as soon as it is ready.</p>
                ) : (
                  <>
                    <p className="setup-note">All set. More sources can be added at any time.</p>
                    <Link to={paths.home} className="btn btn-primary">
                      Go to your board
                    </Link>
                  </>
                )}
              </StepItem>
            </>
          )}
        </ol>
      </main>
      <aside className="setup-slip" aria-label="First number">
        {!anew && <FirstSlip sources={sources ?? nothingRead} demo={demo} mine={step === 'done'} />}
      </aside>
      {inside && <LiveRegion />}
      <ToastRegion toasts={toasts} onGone={dropToast} />
    </div>
  );
}

const nothingRead = { sources: [], withheld: 0, work: { pendingEvents: 0, pendingDays: 0, commits: 0 } };
const noAuthors = { suggested: [], authors: [], truncated: false };

type StepState = 'done' | 'now' | 'later';

const stepOrder: readonly Step[] = ['you', 'asking', 'source', 'reading', 'authors', 'done'];

function stateOf(item: 'you' | 'source' | 'authors', step: Step): StepState {
  if (item === 'authors' && step === 'reading') return 'now';
  const at = stepOrder.indexOf(step);
  const own = stepOrder.indexOf(item);
  return at > own ? (step === 'asking' && item === 'source' ? 'later' : 'done') : at === own ? 'now' : 'later';
}

interface StepItemProps {
  number: number;
  title: string;
  state: StepState;
  /** What was answered, beside the title of a step that is done. */
  done?: ReactNode;
  children: ReactNode;
}

function StepItem({ number, title, state, done, children }: StepItemProps): ReactElement {
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(state);
  useEffect(() => {
    // Whoever finished a step is brought to the next one.
    if (before.current === 'later' && state === 'now') heading.current?.focus();
    before.current = state;
  }, [state]);
  return (
    <li className={`step step-${state}`} aria-current={state === 'now' ? 'step' : undefined}>
      <span className="step-number" aria-hidden="true">
        {state === 'done' ? <Icon name="check" size="small" /> : number}
      </span>
      <h2 ref={heading} tabIndex={-1}>
        {title}
        {state === 'done' && done && <small>{done}</small>}
      </h2>
      {state === 'now' && <div className="step-body">{children}</div>}
    </li>
  );
}

function YouSummary(): ReactElement | null {
  const me = useQuery(meQuery).data;
  const workspace = useQuery(workspaceQuery).data;
  if (me === undefined || workspace === undefined) return null;
  return (
    <>
      {me.name} · {me.effectiveZone} · weeks start on {weekdays[workspace.weekStart - 1]}{' '}
      <Link to={paths.settings}>Change</Link>
    </>
  );
}

function describeSources(count: number): string {
  return count === 1 ? '1 repository' : `${count} repositories`;
}
