import { useEffect, type ReactElement, type ReactNode } from 'react';
import { DemoStripHere, ReachStrip } from './strips.tsx';

/** The head of a page: its title, what can be done there, the sticky bar if it has one, and what holds for all of it. */
export function PageHead(props: { title: string; actions?: ReactNode; bar?: ReactNode }): ReactElement {
  const { title, actions, bar } = props;
  useEffect(() => {
    document.title = `${title} · DevPulse`;
  }, [title]);
  return (
    <>
      <header className="top">
        <h1>{title}</h1>
        {actions}
      </header>
      {/* Both stay in sight: what is filtered, and that the figures may be old. */}
      <div className="page-bar">
        {bar}
        <ReachStrip />
      </div>
      <DemoStripHere />
    </>
  );
}
